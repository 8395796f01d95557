import type { Engine, HeldTensor, Program } from '../../engines/engine.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import type { RankingLoss } from '../../ranking/losses/loss.ts';
import { rankingLoss } from '../configuration/make-loss.ts';
import { makeOptimizer } from '../configuration/make-optimizer.ts';
import { rowsOf } from '../configuration/step/batch-config.ts';
import { type StepTables, stepTables } from '../configuration/step/step-tables.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { TrainingBatch } from '../data/training-batch.ts';
import { CrossBatchMemory } from './cross-batch-memory.ts';
import { dropoutMasks } from './dropout-masks.ts';
import { evaluationGraph } from './network-graphs.ts';
import { type LearntTensors, prepareGradients, type StepGradients } from './step-gradients.ts';
import { stateOf, successorOf, updateGraphs } from './update-graph.ts';

/** What one step gave. */
export interface StepResult {
  readonly loss: number;
  readonly activeShare: number;
  /** Variance of the batch's embeddings, 0 (all equal) to 1. */
  readonly spread: number;
  /** Euclidean norm of all gradients, before clipping. */
  readonly gradientNorm: number;
}

/**
 * The network in training: weights, statistics and optimiser state stay with the engine, and each step reads and writes
 * them in place. What is random in a step is drawn from the seed and the step's number, so that a step can be done again.
 */
export class Trainer {
  readonly rows: number;
  /** Pictures that `embed` takes: as many as go through the network at once in training. */
  readonly embedRows: number;

  private constructor(
    readonly config: TrainingConfig,
    readonly loss: RankingLoss,
    private readonly scope: LearntTensors,
    private readonly gradients: StepGradients,
    private readonly updates: readonly Program[],
    private readonly judge: Program,
    private readonly held: ReadonlyMap<string, HeldTensor>,
    private readonly memory: CrossBatchMemory | undefined,
  ) {
    this.rows = rowsOf(config.batch);
    this.embedRows = embedRowsOf(config);
  }

  /**
   * Prepares the graphs of a run. `saved` continues one: every tensor of a former `snapshot`; without it weights are drawn
   * from the seed, each from a stream of its own name, but for those of a `trunk`, which are the file's, and those that
   * `initial` has. `tables` have what the configuration names.
   *
   * @throws if `saved` is of another configuration; what was prepared in the engine is then released.
   */
  static async create(
    engine: Engine,
    config: TrainingConfig,
    saved?: ReadonlyMap<string, Tensor>,
    trunk?: Trunk,
    initial?: ReadonlyMap<string, Tensor>,
    tables: StepTables = stepTables,
  ): Promise<Trainer> {
    const opened: { release(): Promise<void> }[] = [];
    const kept = <T extends { release(): Promise<void> }>(one: T): T => {
      opened.push(one);
      return one;
    };
    try {
      const loss = rankingLoss(config, tables.losses);
      const optimizer = makeOptimizer(config, tables.optimizers);
      const backbone = trunk ?? tables.backbones.of(config.network.backbone);
      const { scope, gradients } = await prepareGradients(engine, config, loss, backbone);
      kept(gradients);
      const parameters = [...scope.parameters.values()].map(({ spec }) => spec);
      const updates: Program[] = [];
      const graphs = updateGraphs(parameters, optimizer, config);
      for (const graph of graphs) {
        // Of a large network each group has memory of its own, which is idle while all others run.
        const how = { name: 'update', asBuilt: true, givesBack: graphs.length > 1 };
        updates.push(kept(await engine.compile(graph, how)));
      }
      const judge = kept(
        await engine.compile(evaluationGraph(config, embedRowsOf(config), backbone), { name: 'evaluation' }),
      );
      const held = new Map<string, HeldTensor>();
      const begin = async (name: string, shape: readonly number[], first?: () => Float32Array) => {
        held.set(name, kept(await hold(engine, saved, name, shape, first)));
      };
      for (const { name, shape, initializer } of parameters) {
        const random = RandomSource.fromSeed(config.seed, `weight ${name}`);
        await begin(name, shape, () => givenValues(initial, name, shape) ?? initializer(shape, random));
        for (const state of optimizer.stateNames) await begin(stateOf(state, name), shape);
      }
      for (const { spec } of scope.statistics.values()) {
        await begin(
          spec.name,
          spec.shape,
          () =>
            givenValues(initial, spec.name, spec.shape) ??
            Float32Array.from(tensor('float32', spec.shape).data, () => spec.initial),
        );
      }
      return new Trainer(config, loss, scope, gradients, updates, judge, held, memoryOf(config, saved));
    } catch (error) {
      for (const one of opened) await one.release();
      throw error;
    }
  }

  /** Number of learnt weights. */
  get parameterCount(): number {
    return [...this.scope.parameters.values()].reduce(
      (sum, { spec }) => sum + spec.shape.reduce((a, b) => a * b, 1),
      0,
    );
  }

  /** Changes the weights by one batch. `step` counts from 1. */
  async step(batch: TrainingBatch, step: number, learningRate: number): Promise<StepResult> {
    const masks = dropoutMasks(this.scope.masks, this.rows, this.config.seed, step);
    const random = RandomSource.fromSeed(this.config.seed, `loss ${step}`);
    const lossFeeds = { ...this.loss.feeds(batch.labels, random), ...this.memory?.feeds() };
    const computed = await this.gradients.compute(batch, masks, this.held, lossFeeds);
    const { loss, activeShare, spread, gradients, embeddings } = computed;
    if (embeddings !== undefined) this.memory?.remember(step, embeddings, batch.labels);
    const gradientNorm = await this.#update(gradients, step, learningRate);
    return { loss, activeShare, spread, gradientNorm };
  }

  /** Runs the programs of the update one after the other. @returns the norm of all gradients, before clipping. */
  async #update(gradients: Readonly<Record<string, HeldTensor>>, step: number, learningRate: number): Promise<number> {
    const numbers: Record<string, number> = { learning_rate: learningRate, step };
    for (const program of this.updates) {
      const feeds: Record<string, Tensor | HeldTensor> = {};
      for (const name of program.inputs) {
        // A host tensor belongs to the engine from then on: each program has scalars of its own.
        feeds[name] = gradients[name] ?? this.held.get(name) ?? tensor('float32', [], Float32Array.of(numbers[name]));
      }
      const into: Record<string, HeldTensor> = {};
      for (const [name, tensorHeld] of this.held) {
        if (program.outputs.includes(successorOf(name))) into[successorOf(name)] = tensorHeld;
      }
      const fetch = program.outputs.filter((name) => into[name] === undefined);
      for (const [name, value] of Object.entries(await program.run(feeds, { fetch, into }))) {
        numbers[name] = toNumbers(value)[0];
      }
    }
    return numbers['gradient_norm'];
  }

  /**
   * Embeddings [embedRows, D] of `embedRows` pictures, by the network as it now is; with a cached trunk of their `features`,
   * too.
   */
  async embed(image: Tensor, features?: Tensor): Promise<Tensor> {
    const pictures = { image, ...(features === undefined ? {} : { features }) };
    const { embedding } = await this.judge.run({ ...Object.fromEntries(this.held), ...pictures });
    return embedding;
  }

  /** Copies of every weight, statistic and optimiser state, and of the loss's memory. */
  async snapshot(): Promise<Map<string, Tensor>> {
    const copies = new Map<string, Tensor>();
    for (const [name, tensorHeld] of this.held) copies.set(name, await tensorHeld.read());
    for (const [name, value] of this.memory?.snapshot() ?? []) copies.set(name, value);
    return copies;
  }

  /** Weights and statistics alone: what a model file needs. */
  async weights(): Promise<Map<string, Tensor>> {
    const copies = new Map<string, Tensor>();
    for (const name of [...this.scope.parameters.keys(), ...this.scope.statistics.keys()]) {
      copies.set(name, await this.held.get(name)!.read());
    }
    return copies;
  }

  /** Puts other weights and statistics into the network; the optimiser's state stays as it is. */
  async load(weights: ReadonlyMap<string, Tensor>): Promise<void> {
    for (const name of [...this.scope.parameters.keys(), ...this.scope.statistics.keys()]) {
      const weight = weights.get(name);
      if (weight === undefined) throw new TrainingError(`the weights lack '${name}': they are of another network`);
      await this.held.get(name)!.write(weight);
    }
  }

  async close(): Promise<void> {
    await this.gradients.release();
    for (const program of this.updates) await program.release();
    await this.judge.release();
    for (const tensorHeld of this.held.values()) await tensorHeld.release();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function memoryOf(
  { loss, network }: TrainingConfig,
  saved: ReadonlyMap<string, Tensor> | undefined,
): CrossBatchMemory | undefined {
  if (!('memory' in loss) || loss.memory === undefined) return undefined;
  const { rows, after = 0 } = loss.memory;
  return CrossBatchMemory.create({ rows, after }, network.embeddingDimension, saved);
}

/** What a tensor starts with by `initial`; undefined if it has none. A copy: the engine may keep what it is given. */
function givenValues(
  initial: ReadonlyMap<string, Tensor> | undefined,
  name: string,
  shape: readonly number[],
): Float32Array | undefined {
  const given = initial?.get(name);
  if (given === undefined) return undefined;
  if (given.type === 'float32' && given.shape.join() === shape.join()) return given.data.slice();
  throw new TrainingError(
    `'${name}' is to start as ${given.type}[${given.shape}], but this network wants float32[${shape}]: give weights of this network`,
  );
}

const embedRowsOf = ({ batch, engine }: TrainingConfig): number => Math.min(engine.rowsAtOnce, rowsOf(batch));

async function hold(
  engine: Engine,
  saved: ReadonlyMap<string, Tensor> | undefined,
  name: string,
  shape: readonly number[],
  initial?: () => Float32Array,
): Promise<HeldTensor> {
  if (saved === undefined) return engine.hold(tensor('float32', shape, initial?.()));
  const found = saved.get(name);
  if (found === undefined) {
    throw new TrainingError(
      `the checkpoint lacks '${name}': it was written for another configuration. Start a new run`,
    );
  }
  if (found.type !== 'float32' || found.shape.join() !== shape.join()) {
    throw new TrainingError(
      `the checkpoint has ${found.type}[${found.shape}] for '${name}', this network wants float32[${shape}]: it was written for another configuration. Start a new run`,
    );
  }
  return engine.hold(found);
}
