import { RandomSource } from '../../src/foundation/random/random-source.ts';
import { backward } from '../../src/graph/autodiff/backward.ts';
import { Graph, type Value } from '../../src/graph/builder/graph.ts';
import { type Tensor, tensor, toNumbers } from '../../src/graph/tensor/tensor.ts';
import type { LossParameters, RankingLoss } from '../../src/ranking/losses/loss.ts';
import { memoryInput, memoryLabelsInput } from '../../src/ranking/losses/rows/class-rows.ts';
import { runGraph } from './run-graph.ts';

/** Embeddings and labels, row after row. */
export interface Rows {
  readonly data: Float64Array;
  readonly labels: readonly number[];
}

export interface LossRunOptions {
  /** Default: no memory. Its embeddings have to be float32 numbers. */
  readonly memory?: Rows;
  /** What the loss learns itself, by name; float64. */
  readonly learnt?: Readonly<Record<string, Float64Array>>;
  /** Told of everything that the loss asks to learn. */
  readonly onParameter?: (...asked: Parameters<LossParameters['parameter']>) => void;
  /** Seed of what the loss draws. Default 0. */
  readonly seed?: number;
}

/** What a loss gave on the float64 reference interpreter. */
export interface LossRun {
  readonly loss: number;
  readonly active: number;
  /** By the embeddings. */
  readonly gradient: readonly number[];
  /** By what the loss learns itself. */
  readonly learntGradients: Readonly<Record<string, readonly number[]>>;
  /** What it was fed beside the embeddings. */
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** Value and gradients of a loss of embeddings of `dimension` numbers. */
export async function runLoss(
  loss: RankingLoss,
  dimension: number,
  { data, labels }: Rows,
  { memory, learnt = {}, onParameter, seed = 0 }: LossRunOptions = {},
): Promise<LossRun> {
  const rows = data.length / dimension;
  const graph = new Graph();
  const embedding = graph.input('embedding', 'float64', [rows, dimension]);
  const parameters = new Map<string, Value>();
  const feeds: Record<string, Tensor> = { ...loss.feeds(labels, RandomSource.fromSeed(seed)) };
  const scope: LossParameters = {
    parameter(name, shape, initializer, options) {
      onParameter?.(name, shape, initializer, options);
      const value = graph.input(name, 'float64', shape);
      parameters.set(name, value);
      feeds[name] = tensor('float64', shape, learnt[name]);
      return value;
    },
  };
  const { loss: value, activeShare } = loss.build(embedding, scope);
  if (memory !== undefined) {
    const places = memory.labels.length;
    feeds[memoryInput] = tensor('float32', [places, dimension], Float32Array.from(memory.data));
    feeds[memoryLabelsInput] = tensor('int64', [places], BigInt64Array.from(memory.labels, BigInt));
  }
  const gradients = backward(value, [embedding, ...parameters.values()]);
  graph.output('loss', value);
  graph.output('active', activeShare);
  for (const [place, gradient] of gradients.entries()) graph.output(`gradient ${place}`, gradient);
  const results = await runGraph(graph, { ...feeds, embedding: tensor('float64', [rows, dimension], data) });
  return {
    loss: toNumbers(results['loss'])[0],
    active: toNumbers(results['active'])[0],
    gradient: toNumbers(results['gradient 0']),
    learntGradients: Object.fromEntries(
      [...parameters.keys()].map((name, place) => [name, toNumbers(results[`gradient ${place + 1}`])]),
    ),
    feeds,
  };
}

/** The gradient of a scalar function of numbers by central differences, h = 1e-6. */
export function differencesOf(scalar: (data: Float64Array) => number, at: Float64Array): number[] {
  const step = 1e-6;
  const moved = (place: number, by: number) => scalar(at.map((value, other) => (other === place ? value + by : value)));
  return Array.from(at, (_, place) => (moved(place, step) - moved(place, -step)) / (2 * step));
}
