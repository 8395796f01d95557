import { z } from 'zod';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { defineRelevance } from './define-relevance.ts';
import { featureRelevance } from './feature-relevance.ts';
import { recordOf } from './relevance-images.ts';
import { withTotals } from './total-relevance.ts';
import { fileBehind } from './typed-relevance.ts';

/** Relevance by the embeddings of a model file; see `featureRelevance`. */
export const modelRelevance = defineRelevance({
  schema: z.strictObject({ kind: z.literal('model'), file: z.string().min(1) }),
  forms: ['model:<file.onnx>'],
  option: 'model:file.onnx',
  parse: (behind) => fileBehind('model', behind),
  behind: ({ file }) => file,
  async load({ file }, { images, categories, seed, embedByModel }) {
    if (embedByModel === undefined) {
      throw new DatasetError(`relevance by the model '${file}' needs something that embeds by it: give 'embedByModel'`);
    }
    const sources = images.places.map((_, image) => recordOf(images, image).source);
    const features = await embedByModel(file, sources);
    return withTotals(categories, featureRelevance(features, categories, images.twins, seed), seed);
  },
});
