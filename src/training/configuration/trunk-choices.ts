import type { TrunkOrigin } from '../../ranking/networks/trunk-config.ts';

/** Usual ways to bring pixels into a network, by name. */
export const normalizationNames = ['imagenet', 'half', 'unit', 'none'] as const;

/** The name of a usual normalisation of pixels. */
export type NormalizationName = (typeof normalizationNames)[number];

/** Pixels enter as (value / 255 - mean) / deviation, one of each for red, green and blue. */
export interface Normalization {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

const same = (mean: number, deviation: number): Normalization => ({
  mean: [mean, mean, mean],
  deviation: [deviation, deviation, deviation],
});

/**
 * `imagenet`: mean and deviation of ImageNet's pixels, as torchvision and timm have them; `half`: -1 to 1; `unit`: 0 to 1;
 * `none`: 0 to 255, for a model that normalises itself.
 */
export const normalizations: { readonly [Name in NormalizationName]: Normalization } = {
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  half: same(0.5, 0.5),
  unit: same(0, 1),
  none: same(0, 1 / 255),
};

/** What a user may say of an ONNX file as the backbone. */
export interface TrunkChoices {
  /** Path of the ONNX file. */
  readonly file: string;
  /** Name of the tensor to cut at. Default: of a model file of ours its embedding; else it has to be said, but for the preset `auto`. */
  readonly cut?: string | undefined;
  /** Axis of the cut's channels, counted from 0, where it does not follow from the network. */
  readonly cutChannels?: number | undefined;
  /** `all` (default), `none`, or the name of a tensor: everything that it is computed from keeps its weights. */
  readonly freeze?: string | undefined;
  /** Default: `imagenet`; `none` where the file takes bytes. */
  readonly normalization?: NormalizationName | Normalization | undefined;
  /** Order of the input's axes. Default: the one in which the channels are three. */
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  /** Order of the input's channels. Default: `rgb`. */
  readonly channels?: 'rgb' | 'bgr' | undefined;
  /** Pixels a side where neither the file nor the choice `size` says them. Default: 224. */
  readonly usualSize?: number | undefined;
  /** A folder that links beside the file may lead to for its weights, as in a cache of the hub. Default: the file's own folder. */
  readonly linkedWithin?: string | undefined;
  /** Where the file was fetched from, for the run's record; its revision is a commit. Default: nowhere, it was there. */
  readonly origin?: TrunkOrigin | undefined;
}
