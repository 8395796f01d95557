import { z } from 'zod';

/** A network is named by its configuration alone; together with weights it is a model. */
export const networkConfigSchema = z.strictObject({
  /** `small`: five convolutions, about 1 million parameters. `vgg16`: the article's. */
  backbone: z.enum(['small', 'vgg16']),
  /** The two low-resolution paths: `subsampled` as the paper has them, `strided` as the article, or none. */
  paths: z.enum(['subsampled', 'strided', 'none']),
  /** Pixels. */
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  /** Length of the embedding. */
  embeddingDimension: z.int().min(1).max(65535),
  /** Batch normalisation behind every convolution of the backbone (`small` only). */
  batchNormalization: z.boolean(),
  /** Share of elements dropped behind each dense layer of the backbone. */
  dropout: z.number().min(0).lt(1),
  /** Pixels enter as (value / 255 - mean) / deviation. */
  pixelMean: z.number(),
  pixelDeviation: z.number().positive(),
  /** True for pictures without colour: the mean of the three channels enters, alone. Default: false. */
  grey: z.boolean().default(false),
});

export type NetworkConfig = z.infer<typeof networkConfigSchema>;
