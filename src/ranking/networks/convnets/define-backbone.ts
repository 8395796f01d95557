import type { Value } from '../../../graph/builder/graph.ts';
import type { NetworkScope } from '../network-scope.ts';
import type { PathGeometry } from '../path-geometry.ts';

/** What a run decides of its ConvNet. */
export interface BackboneSettings {
  readonly batchNormalization: boolean;
  /** Share of elements dropped at each dense layer, or, without any, of the pooled features. */
  readonly dropout: number;
}

/** A ConvNet: pictures [N, C, H, W] to features [N, F]. */
export type Backbone = (scope: NetworkScope, image: Value, settings: BackboneSettings) => Value;

/** What stands in the ConvNet's place in the multi-scale network. */
export interface ConvNet {
  /** @throws if the pictures are too small for it. */
  readonly build: Backbone;
  /** How pixels enter: by the network's mean and deviation, or, where the ConvNet has its own, with values in 0..1. */
  readonly pixels: 'normalized' | 'unit';
  /** The paths of `subsampled` for pictures whose shorter side has so many pixels. Default: the paper's. */
  readonly subsampledPaths?: (side: number) => readonly PathGeometry[];
}

/** Weights that others have learnt for a backbone and publish. */
export interface PublishedWeights {
  /**
   * Names that torchvision and timm have for a tensor of ours, such as `backbone.stage1.block1.conv1.weight`; the first that a
   * file has is meant. None for what they do not have, such as the embedding.
   */
  torchNames(ours: string): readonly string[];
  /** True if Keras's files fit, too: see `kerasRules`. */
  readonly keras?: true;
}

/** What people read of a backbone. */
export interface BackboneWords {
  /** Its layers, in a line of a table. */
  readonly layers: string;
  /** Pixels of a picture's shorter side, at least. */
  readonly smallestSide: number;
  /** Length of its features. */
  readonly features: number;
}

/** What is written about one backbone, once. */
export interface BackboneDescription<Name extends string> {
  /** As `config.json` and the command line have it. */
  readonly name: Name;
  /** Whether batch normalisation stands behind its convolutions, or the run chooses. */
  readonly batchNormalization: 'always' | 'never' | 'chosen';
  /** Pictures that go through a model file at once: fewer where one picture's values already fill the processor's caches. */
  readonly embeddingBatch: number;
  /** True if thousands of pictures go through it in seconds. Default: false. */
  readonly light?: true;
  /** Or why there are none, as a sentence goes on: `nobody publishes weights for`. */
  readonly weights: PublishedWeights | { readonly none: string };
  readonly words: BackboneWords;
  readonly build: Backbone;
  readonly subsampledPaths?: (side: number) => readonly PathGeometry[];
}

/** A backbone as the table holds it. */
export interface BackboneDefinition<Name extends string = string> extends BackboneDescription<Name>, ConvNet {}

/** A backbone for the table: all that the configuration, the command line, the doctor and the import of weights know of it. */
export function defineBackbone<const Name extends string>(
  description: BackboneDescription<Name>,
): BackboneDefinition<Name> {
  return { ...description, pixels: 'normalized' };
}
