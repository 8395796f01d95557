import type { Engine, HeldTensor, Program } from '../../engines/engine.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backward } from '../../graph/autodiff/backward.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { concat, gemm, l2Normalize, mul } from '../../graph/builder/operations.ts';
import { type Tensor, type TensorOf, tensor } from '../../graph/tensor/tensor.ts';
import { type Matrix, matrix } from '../../ranking/closed-forms/matrix.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { TrainingScope } from '../../ranking/networks/network-scope.ts';
import { learningRateFactor } from '../../ranking/optimizers/learning-rate-schedule.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { makeLoss } from '../configuration/make-loss.ts';
import { makeOptimizer } from '../configuration/make-optimizer.ts';
import type { BatchConfig } from '../configuration/training-config.ts';
import { batchSource } from '../data/batch-source.ts';
import { gradientOf } from '../step/network-graphs.ts';
import { stateOf, successorOf, updateGraph } from '../step/update-graph.ts';

/** One part of an embedding before the head: rows of unit length, and how much they count. */
export interface HeadPart {
  readonly dimension: number;
  /** Share of the squared distance; the shares of all parts are 1 together. */
  readonly share: number;
  /** [pictures, dimension] */
  readonly rows: Float32Array;
}

/** How a head is trained. */
export interface HeadTraining {
  readonly learningRate: number;
  readonly steps: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Supervised contrastive loss, AdamW without decay, a cosine behind a warm-up of a tenth; up to 30 classes by 4 pictures a step. */
const loss: LossConfig = { kind: 'supcon', temperature: 0.1 };
const asked = { kind: 'classes', rows: 120, imagesPerClass: 4 } as const;
const optimizer = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const schedule = { kind: 'cosine', warmup: 0.1, every: 1, factor: 1 } as const;

/**
 * Trains a square map of each part, which begins as the identity: `e = [sqrt(share) M x / |M x|, ...]`, so that nothing is lost
 * before the first step. What stands before a part may be merged with its map, for lengths do not matter.
 *
 * Source: Khosla et al. 2020 (the loss); a head that begins as the identity: Wortsman et al. 2022, section 3.
 *
 * @param labels the class of each picture.
 * @returns the map of each part, [dimension, dimension].
 * @throws AbortError if it was aborted.
 */
export async function trainHead(
  engine: Engine,
  parts: readonly HeadPart[],
  labels: readonly number[],
  { learningRate, steps, seed, signal }: HeadTraining,
): Promise<Matrix[]> {
  const material = { kind: 'classes', images: new ImagesByClass(labels) } as const;
  const source = batchSource(material, asked, seed);
  const { rows, imagesPerClass = asked.imagesPerClass } = source;
  const head = await Head.prepare(engine, parts, { kind: 'classes', rows, imagesPerClass }, labels);
  try {
    for (let step = 1; step <= steps; step++) {
      throwIfAborted(signal);
      await head.step(source.next(), step, learningRate * learningRateFactor(schedule, step, steps), seed);
    }
    return await head.maps();
  } finally {
    await head.release();
  }
}

/** The graphs of a head, and what stays with the engine. */
class Head {
  private constructor(
    private readonly parts: readonly HeadPart[],
    private readonly labels: readonly number[],
    private readonly loss: ReturnType<typeof makeLoss>,
    private readonly gradients: Program,
    private readonly update: Program,
    private readonly held: ReadonlyMap<string, HeldTensor>,
  ) {}

  static async prepare(
    engine: Engine,
    parts: readonly HeadPart[],
    batch: BatchConfig & { readonly kind: 'classes' },
    labels: readonly number[],
  ): Promise<Head> {
    const ranking = makeLoss(loss, batch);
    const graph = new Graph();
    const scope = new TrainingScope(graph);
    const embeddings = parts.map(({ dimension, share }, part) => {
      const x = graph.input(inputOf(part), 'float32', [batch.rows, dimension]);
      const map = scope.parameter(mapOf(part), [dimension, dimension], ([size]) => unitMap(size), { decays: true });
      return mul(l2Normalize(gemm(x, map, undefined, { transB: 1 })), Math.sqrt(share));
    });
    const { loss: value } = ranking.build(embeddings.length === 1 ? embeddings[0] : concat(embeddings, 1), scope);
    const parameters = [...scope.parameters.values()];
    const by = backward(
      value,
      parameters.map((parameter) => parameter.value),
    );
    for (const [index, { spec }] of parameters.entries()) graph.output(gradientOf(spec.name), by[index]);
    const specs = parameters.map(({ spec }) => spec);
    const adamw = makeOptimizer({ optimizer, weightDecay: 0 });
    const gradients = await engine.compile(graph, { name: 'gradients of the head', asBuilt: true });
    const update = await engine.compile(updateGraph(specs, adamw, null), { name: 'update of the head', asBuilt: true });
    const held = new Map<string, HeldTensor>();
    const random = RandomSource.fromSeed(0, 'head');
    for (const { name, shape, initializer } of specs) {
      held.set(name, await engine.hold(tensor('float32', shape, initializer(shape, random))));
      for (const state of adamw.stateNames) held.set(stateOf(state, name), await engine.hold(tensor('float32', shape)));
    }
    return new Head(parts, labels, ranking, gradients, update, held);
  }

  async step(rows: readonly number[], step: number, learningRate: number, seed: number): Promise<void> {
    const feeds: Record<string, Tensor | HeldTensor> = Object.fromEntries(this.held);
    for (const [part, { dimension, rows: all }] of this.parts.entries()) {
      const batch = tensor('float32', [rows.length, dimension]);
      for (const [at, row] of rows.entries())
        batch.data.set(all.subarray(row * dimension, (row + 1) * dimension), at * dimension);
      feeds[inputOf(part)] = batch;
    }
    const random = RandomSource.fromSeed(seed, `loss ${step}`);
    const ofLoss = this.loss.feeds(
      rows.map((row) => this.labels[row]),
      random,
    );
    const wanted = (program: Program, all: Record<string, Tensor | HeldTensor>) =>
      Object.fromEntries(program.inputs.map((name) => [name, all[name]]));
    const gradients = await this.gradients.run(wanted(this.gradients, { ...feeds, ...ofLoss }));
    const scalars = {
      learning_rate: tensor('float32', [], Float32Array.of(learningRate)),
      step: tensor('float32', [], Float32Array.of(step)),
    };
    const into = Object.fromEntries([...this.held].map(([name, value]) => [successorOf(name), value]));
    await this.update.run(wanted(this.update, { ...Object.fromEntries(this.held), ...gradients, ...scalars }), {
      fetch: [],
      into,
    });
  }

  async maps(): Promise<Matrix[]> {
    const maps: Matrix[] = [];
    for (const [part, { dimension }] of this.parts.entries()) {
      const { data } = (await this.held.get(mapOf(part))!.read()) as TensorOf<'float32'>;
      maps.push(matrix(dimension, dimension, Float64Array.from(data)));
    }
    return maps;
  }

  async release(): Promise<void> {
    await this.gradients.release();
    await this.update.release();
    for (const value of this.held.values()) await value.release();
  }
}

const inputOf = (part: number) => `part${part}`;
const mapOf = (part: number) => `map${part}`;

function unitMap(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? 1 : 0));
}

/** A map a share of the way from the identity to a trained one. */
export function wayTo({ rows, columns, data }: Matrix, share: number): Matrix {
  const unit = (place: number) => (place % (columns + 1) === 0 ? 1 : 0);
  return matrix(
    rows,
    columns,
    data.map((value, place) => unit(place) + share * (value - unit(place))),
  );
}
