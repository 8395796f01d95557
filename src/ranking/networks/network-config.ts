import { z } from 'zod';
import { backboneNames } from './convnets/backbone-table.ts';
import { trunkConfigSchema } from './trunk-config.ts';

/** For all channels, or for red, green and blue. */
const pixelNumber = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]);
const positivePixelNumber = z.union([
  z.number().positive(),
  z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
]);

/** A network is named by its configuration alone; together with weights it is a model. */
export const networkConfigSchema = z.strictObject({
  /** The ConvNet, by its name in `backbone-table.ts`; `onnx`: a file's, see `trunk`. */
  backbone: z.enum([...backboneNames, 'onnx']),
  /** The two low-resolution paths: `subsampled` as the paper has them, `strided` as the article, or none. */
  paths: z.enum(['subsampled', 'strided', 'none']),
  /** Pixels. */
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  /** Length of the embedding. */
  embeddingDimension: z.int().min(1).max(65535),
  /** Batch normalisation behind every convolution of the backbone; a choice of the run only where the backbone leaves it to it. */
  batchNormalization: z.boolean(),
  /** Share of elements dropped at each dense layer of the backbone, or, without any, of its pooled features. */
  dropout: z.number().min(0).lt(1),
  /** Pixels enter as (value / 255 - mean) / deviation. */
  pixelMean: pixelNumber,
  pixelDeviation: positivePixelNumber,
  /** True for pictures without colour: the mean of the three channels enters, alone. Default: false. */
  grey: z.boolean().default(false),
  /** The embedding's second half is a linear map of histograms of oriented gradients; see `orientedGradients`. */
  hog: z.literal(true).exactOptional(),
  /** What the backbone `onnx` is; absent for every other. */
  trunk: trunkConfigSchema.exactOptional(),
  /** `features`: the ConvNet's own features come out, without paths and embedding, as pre-training wants them. */
  output: z.literal('features').exactOptional(),
});

/** The whole network by its configuration. */
export type NetworkConfig = z.infer<typeof networkConfigSchema>;

/**
 * In how many parts of equal length an embedding falls, each of unit length before they are put together, and ranked by itself
 * in training: the multi-scale network, and the histograms of oriented gradients if there are any.
 */
export function embeddingParts({ hog, output }: Pick<NetworkConfig, 'hog' | 'output'>): number {
  return hog && output !== 'features' ? 2 : 1;
}
