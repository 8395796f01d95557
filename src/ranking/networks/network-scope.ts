import { InternalError } from '../../foundation/errors/internal-error.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { Graph, Value } from '../../graph/builder/graph.ts';
import type { StaticShape } from '../../graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { Initializer } from './initializers.ts';

/** A learnt tensor of a network. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: StaticShape;
  readonly initializer: Initializer;
  /** True if weight decay applies: weights, not biases or normalisation scales. */
  readonly decays: boolean;
  /** What multiplies the learning rate. Default 1. */
  readonly rate?: number;
}

/** A tensor that training measures rather than learns: the running mean and variance of a batch normalisation. */
export interface StatisticSpec {
  readonly name: string;
  readonly shape: StaticShape;
  readonly initial: number;
}

/** A dropout mask: drawn by whoever runs the graph, so that a resumed run draws the same ones. */
export interface MaskSpec {
  readonly name: string;
  readonly shape: StaticShape;
  /** Share of elements that are kept; a kept element is multiplied by 1 / keep, a dropped one by 0. */
  readonly keep: number;
}

/**
 * What a network is built in: it asks for its parameters by name and need not know whether they are inputs of a training
 * graph or constants of a model file.
 */
export interface NetworkScope {
  readonly graph: Graph;
  readonly training: boolean;
  parameter(
    name: string,
    shape: StaticShape,
    initializer: Initializer,
    options?: { readonly decays?: boolean; readonly rate?: number },
  ): Value;
  statistic(name: string, shape: StaticShape, initial: number): Value;
  /** Says that training replaces a statistic by `value` after each step. Only in training. */
  updateStatistic(name: string, value: Value): void;
  /** Drops a share of a value's elements in training, and returns it as it is otherwise. */
  dropout(name: string, x: Value, dropShare: number): Value;
}

/**
 * Parameters, statistics and masks become inputs of the graph. With `training` false the network behaves as it will when it
 * is used, on weights that are still being trained.
 */
export class TrainingScope implements NetworkScope {
  readonly parameters = new Map<string, { readonly spec: ParameterSpec; readonly value: Value }>();
  readonly statistics = new Map<string, { readonly spec: StatisticSpec; readonly value: Value; next: Value }>();
  readonly masks: MaskSpec[] = [];

  constructor(
    readonly graph: Graph,
    readonly training = true,
  ) {}

  parameter(
    name: string,
    shape: StaticShape,
    initializer: Initializer,
    options: { readonly decays?: boolean; readonly rate?: number } = {},
  ): Value {
    const value = this.graph.input(name, 'float32', shape);
    const spec = { name, shape, initializer, decays: options.decays ?? false, rate: options.rate ?? 1 };
    this.parameters.set(name, { spec, value });
    return value;
  }

  statistic(name: string, shape: StaticShape, initial: number): Value {
    const value = this.graph.input(name, 'float32', shape);
    this.statistics.set(name, { spec: { name, shape, initial }, value, next: value });
    return value;
  }

  updateStatistic(name: string, value: Value): void {
    const statistic = this.statistics.get(name);
    if (statistic === undefined) throw new InternalError(`the network has no statistic '${name}' to update`);
    statistic.next = value;
  }

  dropout(name: string, x: Value, dropShare: number): Value {
    if (dropShare === 0 || !this.training) return x;
    const shape = x.shape.map(Number);
    this.masks.push({ name, shape, keep: 1 - dropShare });
    const mask = this.graph.input(name, 'float32', shape);
    return this.graph.apply('Mul', [x, mask], {}, { name: `${name}.apply` })[0];
  }
}

/** Parameters and statistics become constants of the graph, from a trained set of weights; nothing is dropped. */
export class InferenceScope implements NetworkScope {
  readonly training = false;

  constructor(
    readonly graph: Graph,
    private readonly weights: ReadonlyMap<string, Tensor>,
  ) {}

  parameter(name: string, shape: StaticShape): Value {
    return this.#constant(name, shape);
  }

  statistic(name: string, shape: StaticShape): Value {
    return this.#constant(name, shape);
  }

  updateStatistic(name: string): void {
    throw new InternalError(`statistic '${name}' cannot change outside training`);
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }

  #constant(name: string, shape: StaticShape): Value {
    const weight = this.weights.get(name);
    if (weight === undefined) {
      throw new TrainingError(
        `the weights lack '${name}' of shape [${shape}]; they have: ${[...this.weights.keys()].join(', ')}`,
      );
    }
    // A tensor of the same size is refused too if its axes differ: it was made for another network.
    const found = tensor(weight.type, weight.shape, weight.data as never) as Tensor;
    if (found.shape.length !== shape.length || found.shape.some((length, axis) => length !== shape[axis])) {
      throw new TrainingError(`weight '${name}' has shape [${found.shape}], the network wants [${shape}]`);
    }
    return this.graph.constant(found, name);
  }
}
