import { z } from 'zod';
import { DownloadError } from '../../foundation/errors/download-error.ts';
import { threeNumbers, threePositive } from '../../ranking/networks/trunk-config.ts';
import type { Normalization } from '../configuration/trunk-choices.ts';

/** How a repository says that pixels enter its network; what it does not say is undefined. */
export interface PixelPreparation {
  readonly normalization: Normalization | undefined;
  /** Pixels a side. */
  readonly size: number | undefined;
  /** `bgr` where blue comes first. */
  readonly channels: 'bgr' | undefined;
}

const side = z.int().min(1).max(4096);
const sides = z.union([
  side,
  z.object({ height: side, width: side }),
  z.object({ shortest_edge: side }).transform(({ shortest_edge }) => shortest_edge),
]);

/** The keys of transformers' image processors that decide what a pixel becomes, and how many there are. */
const processorSchema = z.object({
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  rescale_offset: z.boolean().default(false),
  do_normalize: z.boolean().default(true),
  image_mean: z.union([threeNumbers, z.number()]).optional(),
  image_std: z.union([threePositive, z.number().positive()]).optional(),
  do_center_crop: z.boolean().default(true),
  crop_size: sides.optional(),
  size: sides.optional(),
  do_flip_channel_order: z.boolean().default(false),
});

/** timm's: in `config.json` itself, or in its `pretrained_cfg`. */
const timmSchema = z.object({
  mean: threeNumbers,
  std: threePositive,
  input_size: z.tuple([z.int(), side, side]).optional(),
});

/**
 * Reads transformers' `preprocessor_config.json`. A value v of 0 to 255 becomes (v · factor - offset - mean) / std, where each
 * step is done; as a normalisation of values from 0 to 1 that is a mean of (mean + offset) / (255 · factor) and a deviation of
 * std / (255 · factor). The size is that of the crop, where one is cut, else that which pictures are brought to; of a size that
 * is not square there is none.
 *
 * @param name what the file is called in errors.
 * @throws DownloadError if a key has a value of another kind; `image_mean` without `image_std`, or the other way round.
 */
export function readPreprocessorConfig(text: string, name: string): PixelPreparation {
  const said = parsed(text, name, processorSchema);
  const { do_normalize: normalizes, image_mean: mean, image_std: deviation } = said;
  if (normalizes && (mean === undefined) !== (deviation === undefined)) {
    throw unclear(
      name,
      `it has ${mean === undefined ? 'image_std without image_mean' : 'image_mean without image_std'}`,
    );
  }
  const scale = 255 * (said.do_rescale ? said.rescale_factor : 1);
  const offset = said.do_rescale && said.rescale_offset ? 1 : 0;
  const unknown = normalizes && mean === undefined;
  return {
    normalization: unknown
      ? undefined
      : {
          mean: eachOf(normalizes ? (mean ?? 0) : 0, (value) => (value + offset) / scale),
          deviation: eachOf(normalizes ? (deviation ?? 1) : 1, (value) => value / scale),
        },
    size: square(said.do_center_crop && said.crop_size !== undefined ? said.crop_size : said.size),
    channels: said.do_flip_channel_order ? 'bgr' : undefined,
  };
}

/** Reads timm's `config.json`; undefined if it is not timm's. @throws DownloadError if it is no JSON. */
export function readTimmConfig(text: string, name: string): PixelPreparation | undefined {
  const config = parsed(text, name, z.record(z.string(), z.unknown()));
  const said = timmSchema.safeParse(config['pretrained_cfg'] ?? config);
  if (!said.success) return undefined;
  const { mean, std, input_size: input } = said.data;
  const size = input === undefined || input[1] !== input[2] ? undefined : input[1];
  return { normalization: { mean, deviation: std }, size, channels: undefined };
}

function parsed<Schema extends z.ZodType>(text: string, name: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unclear(name, 'it is no JSON', error);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unclear(name, `${issue.path.join('.') || 'its content'}: ${issue.message}`, result.error);
}

function unclear(name: string, reason: string, cause?: unknown): DownloadError {
  return new DownloadError(
    `${name} does not say how pixels enter the network: ${reason}; say it with choices.trunk.normalization and choices.size`,
    { cause },
  );
}

function eachOf(value: number | readonly [number, number, number], by: (value: number) => number) {
  const [r, g, b] = typeof value === 'number' ? [value, value, value] : value;
  return [by(r), by(g), by(b)] as const;
}

function square(size: z.infer<typeof sides> | undefined): number | undefined {
  if (typeof size !== 'object') return size;
  return size.height === size.width ? size.height : undefined;
}
