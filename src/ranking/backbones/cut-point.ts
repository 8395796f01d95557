import type { Node, Value } from '../../graph/builder/graph.ts';
import type { Shape } from '../../graph/tensor/shape.ts';
import type { FeatureAxes } from './feature-axes.ts';
import type { FeatureKind } from './feature-vector.ts';
import type { GradientObstacle } from './gradient-obstacles.ts';

/** A tensor that a network can be cut at. */
export interface CutPoint {
  readonly value: Value;
  readonly node: Node;
  readonly shape: Shape;
  readonly kind: FeatureKind;
  /** Which axes are its features; undefined where that does not follow from the network. */
  readonly axes: FeatureAxes | undefined;
  /** How many features it gives; undefined where the axes are. */
  readonly features: number | undefined;
  /** Everything that follows goes through it: it is not inside a block that something bypasses. */
  readonly narrow: boolean;
  /** Nodes before it that no gradient goes through; none if everything before it can be trained. */
  readonly obstacles: readonly GradientObstacle[];
  /** Weights before it that can be learnt. */
  readonly parameters: number;
  /** `features`: the best place. `vector`: what the classifier takes. */
  readonly suggested: 'features' | 'vector' | undefined;
}
