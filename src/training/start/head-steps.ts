import type { Engine, HeldTensor, Program } from '../../engines/engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backward } from '../../graph/autodiff/backward.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { add, concat, gemm, l2Normalize, mul, reduceSum, sub } from '../../graph/builder/operations.ts';
import { type Tensor, type TensorOf, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { type Matrix, matrix } from '../../ranking/closed-forms/matrix.ts';
import type { RankingLoss } from '../../ranking/losses/loss.ts';
import { TrainingScope } from '../../ranking/networks/network-scope.ts';
import { makeOptimizer } from '../configuration/make-optimizer.ts';
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

/** What a head is trained by. */
export interface HeadObjective {
  readonly loss: RankingLoss;
  /** Rows of a batch. */
  readonly rows: number;
  /** How strongly maps are held to the identity: `pull |M - 1|^2` is added to the loss. Default: 0. */
  readonly pull?: number;
}

/** AdamW without decay. */
const optimizer = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * The steps of a head: a square map of each part, which begins as the identity: `e = [sqrt(share) M x / |M x|, ...]`, so that
 * nothing is lost before the first step. Its graphs are compiled once; maps and AdamW's state stay with the engine.
 */
export class HeadSteps {
  private constructor(
    private readonly parts: readonly HeadPart[],
    private readonly gradients: Program,
    private readonly update: Program,
    private readonly held: ReadonlyMap<string, HeldTensor>,
  ) {}

  /** Compiles the graphs of a head. It has to be released. */
  static async prepare(engine: Engine, parts: readonly HeadPart[], objective: HeadObjective): Promise<HeadSteps> {
    const graph = new Graph();
    const scope = new TrainingScope(graph);
    const embeddings = parts.map(({ dimension, share }, part) => {
      const x = graph.input(inputOf(part), 'float32', [objective.rows, dimension]);
      const map = scope.parameter(mapOf(part), [dimension, dimension], ([size]) => unitMap(size), { decays: true });
      return mul(l2Normalize(gemm(x, map, undefined, { transB: 1 })), Math.sqrt(share));
    });
    const { loss } = objective.loss.build(concat(embeddings, 1), scope);
    const parameters = [...scope.parameters.values()];
    const maps = parameters.filter(({ spec }) => parts.some((_, part) => mapOf(part) === spec.name));
    const by = backward(
      held(
        loss,
        maps.map(({ value }) => value),
        objective.pull ?? 0,
      ),
      parameters.map((parameter) => parameter.value),
    );
    for (const [index, { spec }] of parameters.entries()) graph.output(gradientOf(spec.name), by[index]);
    graph.output(lossOutput, loss);
    const specs = parameters.map(({ spec }) => spec);
    const adamw = makeOptimizer({ optimizer, weightDecay: 0 });
    const gradients = await engine.compile(graph, { name: 'gradients of the head', asBuilt: true });
    const update = await engine.compile(updateGraph(specs, adamw), { name: 'update of the head', asBuilt: true });
    const state = new Map<string, HeldTensor>();
    const random = RandomSource.fromSeed(0, 'head');
    for (const { name, shape, initializer } of specs) {
      state.set(name, await engine.hold(tensor('float32', shape, initializer(shape, random))));
      for (const own of adamw.stateNames) state.set(stateOf(own, name), await engine.hold(tensor('float32', shape)));
    }
    return new HeadSteps(parts, gradients, update, state);
  }

  /**
   * One step of AdamW.
   *
   * @param rows of the parts, as many as the objective says.
   * @param ofLoss what the loss must know of the batch.
   * @param step counted from 1.
   * @returns the loss of the batch before the step, without what maps cost.
   */
  async step(
    rows: readonly number[],
    ofLoss: Readonly<Record<string, Tensor>>,
    step: number,
    learningRate: number,
  ): Promise<number> {
    const feeds: Record<string, Tensor | HeldTensor> = Object.fromEntries(this.held);
    for (const [part, { dimension, rows: all }] of this.parts.entries()) {
      const batch = tensor('float32', [rows.length, dimension]);
      for (const [at, row] of rows.entries())
        batch.data.set(all.subarray(row * dimension, (row + 1) * dimension), at * dimension);
      feeds[inputOf(part)] = batch;
    }
    const wanted = (program: Program, all: Record<string, Tensor | HeldTensor>) =>
      Object.fromEntries(program.inputs.map((name) => [name, all[name]]));
    const { [lossOutput]: loss, ...gradients } = await this.gradients.run(
      wanted(this.gradients, { ...feeds, ...ofLoss }),
    );
    const scalars = {
      learning_rate: tensor('float32', [], Float32Array.of(learningRate)),
      step: tensor('float32', [], Float32Array.of(step)),
    };
    const into = Object.fromEntries([...this.held].map(([name, value]) => [successorOf(name), value]));
    await this.update.run(wanted(this.update, { ...Object.fromEntries(this.held), ...gradients, ...scalars }), {
      fetch: [],
      into,
    });
    return toNumbers(loss)[0];
  }

  /** The map of each part as it stands, [dimension, dimension]. */
  async maps(): Promise<Matrix[]> {
    const maps: Matrix[] = [];
    for (const [part, { dimension }] of this.parts.entries()) {
      const { data } = (await this.held.get(mapOf(part))!.read()) as TensorOf<'float32'>;
      maps.push(matrix(dimension, dimension, Float64Array.from(data)));
    }
    return maps;
  }

  /** Releases what the engine has of it. */
  async release(): Promise<void> {
    await this.gradients.release();
    await this.update.release();
    for (const value of this.held.values()) await value.release();
  }
}

/** The output that carries the loss. */
const lossOutput = 'loss';
const inputOf = (part: number) => `part${part}`;
const mapOf = (part: number) => `map${part}`;

/** The loss, and what it costs maps to leave the identity. */
function held(loss: Value, maps: readonly Value[], pull: number): Value {
  if (pull === 0) return loss;
  return maps.reduce((sum, map) => {
    const [size] = map.shape as readonly number[];
    const from = sub(map, map.graph.constant(tensor('float32', [size, size], unitMap(size)), 'unit'));
    return add(sum, mul(reduceSum(mul(from, from)), pull));
  }, loss);
}

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
