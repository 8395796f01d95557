import type { AugmentationSample, AugmentationSettings } from '../../src/pictures/augmentation/augmentation.ts';
import { changesColours, fallsBetweenPixels, movesPixels } from '../../src/pictures/augmentation/augmentation.ts';
import { luminanceWeights } from '../../src/pictures/augmentation/colour-matrix.ts';

/** Pictures as planes: float32 `[count, 3, height, width]`, from 0 to 1. */
export interface PlanarImages {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * What `augmentImages` computes, one pixel at a time and formula by formula: the reference that the graph is held to, and
 * a way to look at augmented pictures without an engine.
 */
export function augmentOneByOne(
  images: PlanarImages,
  sample: AugmentationSample,
  settings: AugmentationSettings,
): PlanarImages {
  const data = Float32Array.from(images.data);
  const length = 3 * images.width * images.height;
  for (let row = 0; row < images.count; row++) {
    const picture = data.subarray(row * length, (row + 1) * length);
    if (movesPixels(settings)) warp(picture, images, sample.theta.subarray(row * 6, row * 6 + 6), settings);
    if (changesColours(settings)) recolour(picture, sample, row);
  }
  return { ...images, data };
}

function warp(
  picture: Float32Array,
  { width, height }: PlanarImages,
  theta: Float32Array,
  settings: AugmentationSettings,
): void {
  const old = Float32Array.from(picture);
  const background = settings.fill === 'white' ? 1 : 0;
  const read = (channel: number, y: number, x: number): number => {
    const inside = x >= 0 && x < width && y >= 0 && y < height;
    if (!inside && settings.fill !== 'nearest') return background;
    const row = Math.min(height - 1, Math.max(0, y));
    const column = Math.min(width - 1, Math.max(0, x));
    return old[(channel * height + row) * width + column];
  };
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const u = (2 * j + 1) / width - 1;
      const v = (2 * i + 1) / height - 1;
      const x = ((theta[0] * u + theta[1] * v + theta[2] + 1) * width - 1) / 2;
      const y = ((theta[3] * u + theta[4] * v + theta[5] + 1) * height - 1) / 2;
      for (let channel = 0; channel < 3; channel++) {
        picture[(channel * height + i) * width + j] = fallsBetweenPixels(settings)
          ? between(x, y, (row, column) => read(channel, row, column))
          : read(channel, Math.round(y), Math.round(x));
      }
    }
  }
}

function between(x: number, y: number, read: (row: number, column: number) => number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  return (
    (1 - down) * ((1 - right) * read(top, left) + right * read(top, left + 1)) +
    down * ((1 - right) * read(top + 1, left) + right * read(top + 1, left + 1))
  );
}

function recolour(picture: Float32Array, { colour }: AugmentationSample, row: number): void {
  const pixels = picture.length / 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    let luminance = 0;
    for (let c = 0; c < 3; c++) luminance += luminanceWeights[c] * picture[c * pixels + pixel];
    for (let c = 0; c < 3; c++) {
      const place = c * pixels + pixel;
      const saturated = luminance + (picture[place] - luminance) * colour.saturation[row];
      picture[place] = saturated * colour.channelGain[row * 3 + c];
    }
  }
  const mean = picture.reduce((sum, value) => sum + value, 0) / picture.length;
  for (let place = 0; place < picture.length; place++) {
    const value = (picture[place] - mean) * colour.contrast[row] + mean * colour.brightness[row];
    picture[place] = Math.min(1, Math.max(0, value));
  }
}
