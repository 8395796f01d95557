import type { Value } from '../../graph/builder/graph.ts';

/** Scalars that change from step to step: they are inputs of the update graph. */
export interface StepScalars {
  /** The learning rate of this step. */
  readonly learningRate: Value;
  /** The number of this step, from 1. */
  readonly step: Value;
}

/** One parameter at one step. */
export interface ParameterStep {
  readonly weight: Value;
  readonly gradient: Value;
  /** One value for each of the optimiser's state names, of the weight's shape; zeros before the first step. */
  readonly state: readonly Value[];
  /** True if weight decay applies to this parameter. */
  readonly decays: boolean;
}

/**
 * A rule for changing weights, as graph nodes. In the nodes it makes, a weight and a state are read only by nodes that come
 * before the one which computes their successor, so that an engine may write the successor over them.
 */
export interface Optimizer {
  readonly name: string;
  readonly stateNames: readonly string[];
  update(parameter: ParameterStep, scalars: StepScalars): { readonly weight: Value; readonly state: readonly Value[] };
}
