import { z } from 'zod';
import { calibrationSchema } from '../calibration/calibration.ts';
import { searchDistanceNames } from '../distances/search-distance-by-name.ts';
import { preprocessingRuleSchema } from '../images/preprocessing-rule.ts';

/** The version of the layout below. A file of another version is refused. */
export const modelFormat = 1;

const jsonObject = z.record(z.string(), z.json());

/** A small picture and the embedding that the model gave it when it was written. */
export const goldenSchema = z.strictObject({
  width: z.int().positive(),
  height: z.int().positive(),
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

/** What a model file says about itself, besides its graph. */
export const modelMetadataSchema = z.strictObject({
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
  dimension: z.int().positive(),
  /** How many images always go through the network at once, so that a vector does not depend on its neighbours. */
  embeddingBatch: z.int().positive().max(4096),
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

export type ModelMetadata = Readonly<z.infer<typeof modelMetadataSchema>>;
export type Quantization = Readonly<z.infer<typeof quantizationSchema>>;
export type Golden = Readonly<z.infer<typeof goldenSchema>>;

/** What somebody who writes a model has to say about it; the rest is found out by writing it. */
export type ModelDescription = Omit<ModelMetadata, 'format' | 'createdBy' | 'dimension' | 'goldens'>;

const prefix = 'lookalike.';

/** True for the key of a property that is ours to write and to read. */
export function isOwnProperty(key: string): boolean {
  return key.startsWith(prefix);
}

/** Metadata as the properties of an ONNX file: one a key, `lookalike.<key>`, each value JSON. */
export function metadataProperties(metadata: ModelMetadata): Map<string, string> {
  return new Map(
    Object.entries(modelMetadataSchema.parse(metadata)).map(([key, value]) => [prefix + key, JSON.stringify(value)]),
  );
}

/**
 * Metadata from the properties of an ONNX file; properties of others are passed over.
 *
 * @throws if there is none of ours, if the format is another version, or if a property is missing or wrong, naming it.
 */
export function parseMetadata(properties: Iterable<readonly [key: string, value: string]>): ModelMetadata {
  const values: Record<string, unknown> = {};
  for (const [key, text] of properties) {
    if (!isOwnProperty(key)) continue;
    try {
      values[key.slice(prefix.length)] = JSON.parse(text);
    } catch (error) {
      throw new Error(`its property '${key}' is not JSON: the file is damaged, fetch or train it again`, {
        cause: error,
      });
    }
  }
  if (values['format'] === undefined) {
    throw new Error('it is an ONNX file, but not a model of lookalike: give the model.onnx of a training run');
  }
  if (values['format'] !== modelFormat) {
    throw new Error(
      `it has format ${JSON.stringify(values['format'])} and this version reads format ${modelFormat}: ` +
        'use the version of lookalike that wrote it, or train it again',
    );
  }
  const parsed = modelMetadataSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `its property '${prefix}${issue.path.join('.')}' is wrong (${issue.message}): the file is damaged, fetch or train it again`,
  );
}
