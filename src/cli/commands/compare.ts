import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { openModel } from '../open-model.ts';
import { modelOption } from '../resolve-model.ts';

/** `lookalike compare` */
export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'print how far apart two images are',
  details:
    'The distance is the Euclidean one between their embeddings, which have length 1: 0 for the same picture, at most 2.\n' +
    'The similarity is the cosine of the angle between them: 1 for the same picture, at least -1.',
  arguments: [
    { name: 'first', description: 'an image file' },
    { name: 'second', description: 'another image file' },
  ],
  options: [modelOption],
  examples: ['lookalike compare a.jpg b.jpg', 'lookalike compare a.jpg b.jpg --model run/model.onnx --json'],
  input: z.object({ first: z.string(), second: z.string(), model: z.string().optional() }),
  async run({ first, second, model: given }, terminal) {
    const { embedder, model } = await openModel(terminal, given);
    const { compareImages } = await import('../../embedding/compare-images.ts');
    try {
      const { distance, similarity } = await compareImages(embedder, first, second);
      terminal.say(`distance    ${distance.toFixed(4)}  (0 is the same, 2 the most)`);
      terminal.say(`similarity  ${similarity.toFixed(4)}  (cosine; 1 is the same, -1 the least)`);
      return { model, first, second, distance, similarity };
    } finally {
      await embedder.close();
    }
  },
});
