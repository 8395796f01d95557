import { z } from 'zod';
import { calibrationSchema } from '../../evaluation/calibration/calibration.ts';
import { base64Bytes } from '../../foundation/text/base64.ts';
import { type Decoding, decodedBy, preprocessingRuleSchema } from '../../pictures/preparation/preprocessing-rule.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';

/** The version of the layout below. A file of another version is refused. */
export const modelFormat = 1;

/** What a model may say of itself at most. Beyond it a file is damaged, or was made to do harm. */
export const metadataBounds = {
  /** Length of an embedding, as `networkConfigSchema` has it. */
  dimension: 65_535,
  /** Images at once. */
  embeddingBatch: 4096,
  /** Bytes of the pixels of all images at once. */
  batchBytes: 2 ** 30,
  /** Pixels a side of a test picture. */
  goldenSide: 1024,
  /** Characters of the JSON of one property. */
  propertyLength: 2 ** 22,
  /** Values of one property, and how deep they are nested. */
  values: 100_000,
  depth: 32,
} as const;

const jsonObject = z.record(z.string(), z.json());

function wholeNumber(most: number) {
  const error = `a whole number from 1 to ${most} is expected`;
  return z.int({ error }).min(1, { error }).max(most, { error });
}

const goldenSide = wholeNumber(metadataBounds.goldenSide);

/** A small picture and the embedding that the model gave it when it was written. */
export const goldenSchema = z.strictObject({
  width: goldenSide,
  height: goldenSide,
  /** `height * width * 3` bytes of RGB, base64. It is prepared by the preprocessing rule like any other picture. */
  pixels: z.base64(),
  /** `dimension` little-endian float32 numbers, base64. */
  embedding: z.base64(),
});

/** How a model whose layers work on bytes came from one in floating point, and what that changed. */
export const quantizationSchema = z.strictObject({
  /** SHA-256 of the model it was made of, hexadecimal. */
  of: z.string(),
  /** Layers that work on bytes. */
  layers: z.int().positive(),
  /** Weights are whole numbers from minus this to this. */
  weightLimit: z.int().positive().max(127),
  /** How the ranges of activations were chosen, and from how many pictures. */
  ranges: z.string(),
  calibrationImages: z.int().positive(),
  /** Recall@1 of both models on the same labelled pictures, as shares of 1. */
  queries: z.int().positive(),
  recallAt1: z.strictObject({ before: z.number().min(0).max(1), after: z.number().min(0).max(1) }),
});

const propertiesSchema = z.strictObject({
  format: z.literal(modelFormat),
  /** Package and version that wrote the file: `deep-lookalike 0.1.0`. */
  createdBy: z.string(),
  /** What the model is and what it is good for, in a sentence or two; shown to who uses it. */
  description: z.string(),
  /** Whom the pictures that it was trained on have to be credited to, and under which licences; empty if nobody. */
  attribution: z.string(),
  /** How pictures become inputs. */
  preprocessing: preprocessingRuleSchema,
  /** By what distance embeddings are compared. */
  distance: z.enum(searchDistanceNames),
  /** Length of an embedding. */
  dimension: wholeNumber(metadataBounds.dimension),
  /** How many images always go through the network at once, so that a vector does not depend on its neighbours. */
  embeddingBatch: wholeNumber(metadataBounds.embeddingBatch),
  /** Configuration of the network. */
  network: jsonObject,
  /** Configuration of the training run, with its loss. */
  training: jsonObject,
  /** The run's seed; null where none applies. */
  seed: z.int().nullable(),
  /** SHA-256 over the training pictures; null where it is not known. */
  dataHash: z.string().nullable(),
  /** Measures on pictures that were not trained on; empty where nothing was measured. */
  evaluation: jsonObject,
  /** What share of pairs at a distance were alike, on pictures that were not trained on; left out where it is not known. */
  calibration: calibrationSchema.optional(),
  /** How it was made of a model in floating point; left out in such a one. */
  quantization: quantizationSchema.optional(),
  /** Checked whenever the model is loaded. */
  goldens: z.array(goldenSchema).length(3),
});

/** What a model file says about itself, besides its graph. */
export const modelMetadataSchema = propertiesSchema.superRefine((metadata, context) => {
  const { embeddingBatch, preprocessing, dimension, goldens } = metadata;
  const { width, height } = preprocessing;
  const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (embeddingBatch * height * width * 3 > metadataBounds.batchBytes) {
    refuse(['embeddingBatch'], `at ${width} x ${height} pixels they have more than ${metadataBounds.batchBytes} bytes`);
  }
  for (const [index, golden] of goldens.entries()) {
    const { pixels, embedding } = { pixels: base64Bytes(golden.pixels), embedding: base64Bytes(golden.embedding) };
    const wanted = { pixels: golden.height * golden.width * 3, embedding: 4 * dimension };
    if (pixels !== wanted.pixels) {
      refuse(
        ['goldens', index, 'pixels'],
        `${wanted.pixels} bytes are expected, ${golden.height} x ${golden.width} x 3, not ${pixels}`,
      );
    }
    if (embedding !== wanted.embedding) {
      refuse(
        ['goldens', index, 'embedding'],
        `${wanted.embedding} bytes are expected, 4 x ${dimension}, not ${embedding}`,
      );
    }
  }
});

/** What a model file says of itself: how pictures are prepared, how embeddings are compared, how it was trained. */
export type ModelMetadata = Readonly<z.infer<typeof modelMetadataSchema>>;
/** How a quantised model was made from one in floating point. */
export type Quantization = Readonly<z.infer<typeof quantizationSchema>>;
/** A small picture and the embedding that it had when the model was written. */
export type Golden = Readonly<z.infer<typeof goldenSchema>>;

/** What somebody who writes a model has to say about it; the rest is found out by writing it. */
export type ModelDescription = Omit<ModelMetadata, 'format' | 'createdBy' | 'dimension' | 'goldens'>;

/** What a model says of itself where its pictures are decoded as somebody asks. @param decode default: `auto`, as the model learnt. */
export function withDecoding(metadata: ModelMetadata, decode: 'auto' | Decoding = 'auto'): ModelMetadata {
  return decode === 'auto' ? metadata : { ...metadata, preprocessing: decodedBy(metadata.preprocessing, decode) };
}
