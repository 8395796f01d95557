import { z } from 'zod';

/** A number for each of red, green and blue. */
export const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);
/** The same, each above 0. */
export const threePositive = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

/** Where a backbone's file was fetched from: the file of a commit of a repository on the Hugging Face Hub. */
export const trunkOriginSchema = z.strictObject({
  /** `owner/name`. */
  repository: z.string(),
  /** The commit, 40 hexadecimal digits. */
  revision: z.string().regex(/^[0-9a-f]{40}$/),
  /** Path in the repository. */
  path: z.string(),
});

/** Where a backbone's file was fetched from. */
export type TrunkOrigin = Readonly<z.infer<typeof trunkOriginSchema>>;

/** How places become one vector. */
export const poolings = ['mean', 'generalized-mean', 'first', 'grid'] as const;

/** The name of a way to pool. */
export type Pooling = (typeof poolings)[number];

/** What features that nothing is learnt for add to an embedding. */
export const unlearntPartSchema = z.strictObject({
  /** How many features are theirs, behind those of the trunk. */
  features: z.int().min(1),
  /** Numbers of the embedding that are theirs. */
  dimension: z.int().min(1).max(65535),
  /** Their share of the squared distance: from 0, where they do not count, to 1, where nothing else does. */
  share: z.number().gt(0).lt(1),
});

/** Such a part of an embedding. */
export type UnlearntPartConfig = z.infer<typeof unlearntPartSchema>;

/** The part of somebody else's ONNX network that serves as the backbone: everything up to a cut. */
export const trunkConfigSchema = z.strictObject({
  /** SHA-256 of the ONNX file, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it was fetched from; absent for a file that was there. */
  origin: trunkOriginSchema.exactOptional(),
  /** Name of the tensor that the trunk ends in: a map [N, C, H, W] or [N, H, W, C], tokens [N, T, C] or a vector [N, C]. */
  cut: z.string(),
  /** Axis of the cut's channels, where somebody had to say it; else it follows from the network. */
  cutChannels: z.int().min(1).max(3).exactOptional(),
  /** What keeps the file's weights: `all`, `none`, or everything that a tensor is computed from. */
  frozen: z.union([z.enum(['all', 'none']), z.strictObject({ upTo: z.string() })]),
  /** Order of the input's axes. */
  layout: z.enum(['nchw', 'nhwc']),
  /** Order of the input's channels. */
  channels: z.enum(['rgb', 'bgr']),
  /** Pixels enter as (value / 255 - mean) / deviation, one of each for red, green and blue. */
  mean: threeNumbers,
  deviation: threePositive,
  /** True if the trunk's features are computed once for each picture, before training; it is all frozen then. */
  cached: z.boolean(),
  /** How the places of the cut become one vector; see `featureVector`. Default: `mean`. */
  pooling: z.enum(poolings).exactOptional(),
  /** True if the vector is brought to length 1. Default: it is left as it is. */
  unit: z.literal(true).exactOptional(),
  /** Parts of the embedding beside the trunk's, see `joinedParts`: from oriented gradients, */
  contours: unlearntPartSchema.exactOptional(),
  /** from the shares of colours, */
  colours: unlearntPartSchema.exactOptional(),
  /** from the picture at low resolution. */
  lowResolution: unlearntPartSchema.exactOptional(),
});

/** An ONNX file as a backbone: where it is cut, what of it learns. */
export type TrunkConfig = z.infer<typeof trunkConfigSchema>;
