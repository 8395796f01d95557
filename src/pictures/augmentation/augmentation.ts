import { z } from 'zod';
import type { RandomSource } from '../../foundation/random/random-source.ts';
import { float32, type Tensor } from '../../graph/tensor/tensor.ts';
import { affineMap } from './affine-map.ts';
import { colourMatrices } from './colour-matrix.ts';

const share = z.number().min(0).max(1);
const range = z
  .tuple([z.number().min(0), z.number().min(0)])
  .refine(([low, high]) => low <= high, 'a range is written [low, high], low first');
const positiveRange = range.refine(([low]) => low > 0, 'both ends have to be greater than 0');

/** Which random changes training pictures go through. Every number is drawn anew, uniformly, for each picture and step. */
export const augmentationSettingsSchema = z.strictObject({
  /** Largest turn to either side, in degrees. */
  rotation: z.number().min(0).max(180),
  /** Range of the magnification. */
  zoom: positiveRange,
  /** True draws a magnification for each side, false one for both. */
  zoomPerAxis: z.boolean(),
  /** Range of the squeeze: width is divided and height multiplied by it. */
  aspect: positiveRange,
  /** Largest shear to either side, in radians, as Keras shears. */
  shear: z.number().min(0).max(1),
  /** Probability of a mirror image, left to right. */
  mirrorHorizontal: share,
  /** Probability of a mirror image, top to bottom. */
  mirrorVertical: share,
  /** Largest shift to either side, as a share of the side, along both sides. */
  shift: share,
  /** Largest shift to either side in whole pixels, along both sides. */
  pixelShift: z.int().min(0),
  /** What lies beyond the picture: a colour, or for `nearest` its outermost pixels. */
  fill: z.enum(['white', 'black', 'nearest']),
  /** Probability of losing all colour. */
  grey: share,
  /** Range of the factor on the distance from grey. */
  saturation: range,
  /** Range of the factor on each of red, green and blue: a mild shift of hue. */
  channelGain: range,
  /** Range of the factor on the distance from the picture's mean. */
  contrast: positiveRange,
  /** Range of the factor on the picture's mean. */
  brightness: range,
});

/** See `augmentationSettingsSchema`. */
export type AugmentationSettings = z.infer<typeof augmentationSettingsSchema>;

const none: AugmentationSettings = {
  rotation: 0,
  zoom: [1, 1],
  zoomPerAxis: false,
  aspect: [1, 1],
  shear: 0,
  mirrorHorizontal: 0,
  mirrorVertical: 0,
  shift: 0,
  pixelShift: 0,
  fill: 'white',
  grey: 0,
  saturation: [1, 1],
  channelGain: [1, 1],
  contrast: [1, 1],
  brightness: [1, 1],
};

const geometric: AugmentationSettings = {
  ...none,
  rotation: 15,
  zoom: [0.8, 1.2],
  aspect: [0.9, 1.1],
  mirrorHorizontal: 0.5,
  shift: 0.08,
};

/**
 * The settings by name: `none`; `pixel-shift`, the paper's, 4 pixels; `article`, Zingade's Keras generator (flips, zoom
 * 0.2, shear 0.2, rotation 30, nearest fill), whose zoom is of the coordinates, so that the magnification is its inverse;
 * `geometric`; `full`, which adds changes of colour.
 */
export const augmentationPresets = {
  none,
  'pixel-shift': { ...none, pixelShift: 4 },
  article: {
    ...none,
    rotation: 30,
    zoom: [1 / 1.2, 1 / 0.8],
    zoomPerAxis: true,
    shear: 0.2,
    mirrorHorizontal: 0.5,
    mirrorVertical: 0.5,
    fill: 'nearest',
  },
  geometric,
  full: {
    ...geometric,
    grey: 0.1,
    saturation: [0.5, 1.5],
    channelGain: [0.8, 1.2],
    contrast: [0.7, 1.3],
    brightness: [0.85, 1.15],
  },
} as const satisfies Record<string, AugmentationSettings>;

/** Their names, in the order in which help and messages give them. */
export const augmentationNames = Object.keys(augmentationPresets) as readonly (keyof typeof augmentationPresets)[];

/** The numbers that one batch's augmentation uses. */
export interface AugmentationSample {
  /** Number of pictures, N. */
  readonly count: number;
  /** `[N, 2, 3]`: from places of the new picture to places of the old, -1 to 1 across it (AffineGrid, align_corners 0). */
  readonly theta: Float32Array;
  readonly colour: {
    /** `[N]`, 0 for a picture that loses all colour. */
    readonly saturation: Float32Array;
    /** `[N, 3]`. */
    readonly channelGain: Float32Array;
    /** `[N]`. */
    readonly contrast: Float32Array;
    /** `[N]`. */
    readonly brightness: Float32Array;
  };
}

/** True if the settings ever move pixels. */
export function movesPixels(settings: AugmentationSettings): boolean {
  const { mirrorHorizontal, mirrorVertical, pixelShift } = settings;
  return fallsBetweenPixels(settings) || mirrorHorizontal > 0 || mirrorVertical > 0 || pixelShift > 0;
}

/** True if a moved pixel can lie between pixels of the picture, so that they have to be interpolated. */
export function fallsBetweenPixels({ rotation, zoom, aspect, shear, shift }: AugmentationSettings): boolean {
  return rotation > 0 || shear > 0 || shift > 0 || ![...zoom, ...aspect].every((end) => end === 1);
}

/** True if the settings ever change colours. */
export function changesColours(settings: AugmentationSettings): boolean {
  const { grey, saturation, channelGain, contrast, brightness } = settings;
  return grey > 0 || ![...saturation, ...channelGain, ...contrast, ...brightness].every((end) => end === 1);
}

/**
 * Draws the augmentation of `count` pictures of `width` x `height`. Each picture takes the same number of random numbers
 * whatever the settings, so that switching one change off leaves the others as they were.
 */
export function sampleAugmentation(
  settings: AugmentationSettings,
  count: number,
  width: number,
  height: number,
  random: RandomSource,
): AugmentationSample {
  const theta = new Float32Array(count * 6);
  const colour = {
    saturation: new Float32Array(count),
    channelGain: new Float32Array(count * 3),
    contrast: new Float32Array(count),
    brightness: new Float32Array(count),
  };
  const within = ([low, high]: readonly [number, number]) => random.between(low, high);
  const toEitherSide = (largest: number) => random.between(-largest, largest);
  const wholePixels = () => random.integer(2 * settings.pixelShift + 1) - settings.pixelShift;
  for (let row = 0; row < count; row++) {
    const rotation = (toEitherSide(settings.rotation) * Math.PI) / 180;
    const zoomX = within(settings.zoom);
    const zoomY = within(settings.zoom);
    const map = affineMap({
      rotation,
      zoomX,
      zoomY: settings.zoomPerAxis ? zoomY : zoomX,
      aspect: within(settings.aspect),
      shear: toEitherSide(settings.shear),
      mirrorX: random.uniform() < settings.mirrorHorizontal,
      mirrorY: random.uniform() < settings.mirrorVertical,
      shiftX: toEitherSide(settings.shift) + wholePixels() / width,
      shiftY: toEitherSide(settings.shift) + wholePixels() / height,
      width,
      height,
    });
    theta.set(map, row * 6);
    const grey = random.uniform() < settings.grey;
    const saturation = within(settings.saturation);
    colour.saturation[row] = grey ? 0 : saturation;
    for (let channel = 0; channel < 3; channel++) colour.channelGain[row * 3 + channel] = within(settings.channelGain);
    colour.contrast[row] = within(settings.contrast);
    colour.brightness[row] = within(settings.brightness);
  }
  return { count, theta, colour };
}

/** The tensors that the inputs of `colourInputs` take, by name; each has one row a picture. */
export function colourFeeds(
  { count, colour }: AugmentationSample,
  settings: AugmentationSettings,
): Record<string, Tensor> {
  if (!changesColours(settings)) return {};
  const meanGain = colour.brightness.map((brightness, row) => brightness / colour.contrast[row] - 1);
  return {
    'augmentation.colour': float32([count, 3, 3], colourMatrices({ count, colour })),
    'augmentation.meanGain': float32([count, 1, 1], meanGain),
  };
}
