import type { Precision } from '../../engines/onednn/onednn-settings.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { fromBase64, toBase64 } from '../../foundation/text/base64.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { fitPicture } from '../../pictures/preparation/fit-picture.ts';
import { cosine } from '../../ranking/distances/cosine.ts';
import type { Golden, ModelMetadata } from './model-metadata.ts';

/** The least cosine between an embedding and what it was when the model was written. */
export const goldenCosine = 0.9999;

/** The same, where the network is computed in bfloat16, whose numbers have 8 bits. */
const goldenCosineIn = { float32: goldenCosine, bfloat16: 0.999 } as const;

const width = 48;
const height = 36;

/** Embeds prepared pixels: n images of `height * width * 3` bytes -> n rows of the embedding. */
export type EmbedPixels = (pixels: Uint8Array) => Promise<Float32Array>;

/**
 * Embeds three drawn pictures (a disc on a gradient, stripes, coloured blocks) and keeps them with their embeddings.
 *
 * @throws if an embedding is not of unit length within 1e-3: such a network is broken or was not meant to be a model.
 */
export async function makeGoldens(rule: ModelMetadata['preprocessing'], embed: EmbedPixels): Promise<Golden[]> {
  const pictures = [disc(), stripes(), blocks()];
  const rows = await embedPictures(pictures, rule, embed);
  return pictures.map((picture, index) => {
    const length = Math.hypot(...rows[index]);
    if (!(Math.abs(length - 1) < 1e-3)) {
      throw new ModelError(
        `the model gives a picture an embedding of length ${length.toFixed(4)}, not 1: is its last step missing?`,
      );
    }
    return {
      width,
      height,
      pixels: toBase64(picture.data),
      embedding: encodeFloats(rows[index]),
    };
  });
}

/**
 * Prepares and embeds the pictures that a model carries and compares with the embeddings that it carries: finds a damaged
 * file, another resize, and an engine that computes something else.
 *
 * @param precision what `embed` computes in.
 * @throws if a cosine is below 0.9999; in bfloat16 below 0.999.
 */
export async function checkGoldens(
  metadata: ModelMetadata,
  embed: EmbedPixels,
  precision: Precision = 'float32',
): Promise<void> {
  const least = goldenCosineIn[precision];
  const pictures = metadata.goldens.map((golden, index): RgbImage => {
    const data = fromBase64(golden.pixels);
    if (data.length === golden.width * golden.height * 3) return { width: golden.width, height: golden.height, data };
    throw new ModelError(
      `its test picture ${index + 1} has ${data.length} bytes, not ${golden.height} x ${golden.width} x 3: ` +
        'the file is damaged, fetch or train it again',
    );
  });
  const rows = await embedPictures(pictures, metadata.preprocessing, embed);
  for (const [index, golden] of metadata.goldens.entries()) {
    const similarity = 1 - cosine.between(rows[index], decodeFloats(golden.embedding));
    if (similarity >= least) continue;
    throw new ModelError(
      `the embedding of its test picture ${index + 1} has cosine ${similarity.toFixed(6)} to the one it was written with, ` +
        `below ${least}: the file is damaged or this machine computes it wrongly; fetch or train it again`,
    );
  }
}

async function embedPictures(
  pictures: readonly RgbImage[],
  rule: ModelMetadata['preprocessing'],
  embed: EmbedPixels,
): Promise<Float32Array[]> {
  const size = rule.height * rule.width * 3;
  const pixels = new Uint8Array(pictures.length * size);
  for (const [index, picture] of pictures.entries()) {
    pixels.set(fitPicture(picture, rule).data, index * size);
  }
  const rows = await embed(pixels);
  const dimension = rows.length / pictures.length;
  return pictures.map((_, index) => rows.subarray(index * dimension, (index + 1) * dimension));
}

/** A picture from a colour for each place. */
function draw(colour: (x: number, y: number) => readonly [number, number, number]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}

function disc(): RgbImage {
  return draw((x, y) => (Math.hypot(x - 20, y - 16) < 11 ? [230, 60, 40] : [4 * x, 5 * y, 200 - 2 * x]));
}

function stripes(): RgbImage {
  return draw((x, y) => ((x + 2 * y) % 12 < 5 ? [20, 90, 60] : [250, 240, 190]));
}

function blocks(): RgbImage {
  const random = RandomSource.fromSeed(1, 'golden blocks');
  const colours = Array.from(
    { length: 48 },
    () => [random.integer(256), random.integer(256), random.integer(256)] as const,
  );
  return draw((x, y) => colours[Math.floor(y / 6) * 8 + Math.floor(x / 6)]);
}

function encodeFloats(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) bytes.setFloat32(4 * index, value, true);
  return toBase64(new Uint8Array(bytes.buffer));
}

function decodeFloats(text: string): Float32Array {
  const bytes = new DataView(fromBase64(text).buffer);
  return Float32Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, index) =>
    bytes.getFloat32(4 * index, true),
  );
}
