import type { Engine, HeldTensor, Program } from '../../engines/engine.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import type { RankingLoss } from '../../ranking/losses/loss.ts';
import type { TrainingScope } from '../../ranking/networks/network-scope.ts';
import { rowsOf } from '../configuration/step/batch-config.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { TrainingBatch } from '../data/training-batch.ts';
import {
  accumulatorOf,
  backwardSliceGraph,
  embedSliceGraph,
  type GivenBackbone,
  gradientOf,
  lossGraph,
  nextOf,
  sliceGraph,
  stepGraph,
} from './network-graphs.ts';
import { sliceRows } from './slice-rows.ts';

/** The loss of a batch and where its gradients are. */
export interface BatchGradients {
  readonly loss: number;
  readonly activeShare: number;
  /** Variance of the embeddings; in slices of triplets the mean of the slices' own. */
  readonly spread: number;
  /** `gradient:<parameter>` of every parameter, held by the engine until the next call. */
  readonly gradients: Readonly<Record<string, HeldTensor>>;
  /** The embeddings of the batch, [rows, D], where the loss has a memory to put them in. */
  readonly embeddings: Tensor | undefined;
}

/** Computes the gradients of a batch in one pass, or in slices where memory is short. */
export interface StepGradients {
  compute(
    batch: TrainingBatch,
    masks: Readonly<Record<string, Tensor>>,
    held: ReadonlyMap<string, HeldTensor>,
    /** What the loss must know of the batch: `RankingLoss.feeds`, and its memory. */
    lossFeeds: Readonly<Record<string, Tensor>>,
  ): Promise<BatchGradients>;
  release(): Promise<void>;
}

/** What is learnt and measured: by the network, and by the loss itself. */
export type LearntTensors = Pick<TrainingScope, 'parameters' | 'statistics' | 'masks'>;

/** What the graphs of a step are made of. */
interface Parts {
  readonly engine: Engine;
  readonly config: TrainingConfig;
  readonly loss: RankingLoss;
  readonly rows: number;
  readonly atOnce: number;
  readonly backbone: GivenBackbone | undefined;
}

type Prepared = { readonly scope: LearntTensors; readonly gradients: StepGradients };

/**
 * Chooses how a step's gradients are computed: the whole batch at once, if `rowsAtOnce` is the batch; otherwise slices, one
 * after the other. A loss that is a mean over triplets is a mean over slices; one over the whole batch takes three passes
 * (embed all slices, differentiate the loss by the embeddings, carry each slice back).
 *
 * @throws as `checkSlices` does.
 */
export async function prepareGradients(
  engine: Engine,
  config: TrainingConfig,
  loss: RankingLoss,
  backbone?: GivenBackbone,
): Promise<Prepared> {
  checkSlices(config);
  const rows = rowsOf(config.batch);
  const atOnce = config.engine.rowsAtOnce;
  const parts: Parts = { engine, config, loss, rows, atOnce, backbone };
  if (atOnce >= rows) return wholeBatch(parts);
  return loss.separable ? tripletSlices(parts) : inBatchSlices(parts);
}

/**
 * Refuses slices that would not give the whole batch's gradients.
 *
 * @throws if slices are asked for and the network normalises over the batch, which slices would change; or if slices do not
 * fit the batch.
 */
export function checkSlices(config: TrainingConfig): void {
  const rows = rowsOf(config.batch);
  const atOnce = config.engine.rowsAtOnce;
  if (atOnce >= rows) return;
  if (config.network.batchNormalization) {
    throw new TrainingError(
      `slices of ${atOnce} rows were asked for, but batch normalisation needs all ${rows} rows together: its mean and variance are the batch's. Give it more memory, use a smaller batch, or switch batch normalisation off`,
    );
  }
  const unit = config.batch.kind === 'triplets' ? 3 : 1;
  if (rows % atOnce !== 0 || atOnce % unit !== 0) {
    throw new TrainingError(
      `slices of ${atOnce} rows do not divide a batch of ${rows}${unit === 3 ? ' between triplets' : ''}: use a divisor${unit === 3 ? ' that is a multiple of 3' : ''}`,
    );
  }
}

async function wholeBatch({ engine, config, loss, rows, backbone }: Parts): Promise<Prepared> {
  const { graph, scope } = stepGraph(config, loss, rows, backbone);
  const program = await engine.compile(graph, { name: 'step', asBuilt: true });
  const gradients = await holdGradients(engine, scope);
  const fetched = ['loss', 'active', 'spread', ...(loss.memoryRows > 0 ? ['embedding'] : [])];
  return {
    scope,
    gradients: {
      async compute(batch, masks, held, lossFeeds) {
        const feeds = { ...rowFeeds(batch, masks), ...lossFeeds };
        const results = await program.run(
          { ...networkFeeds(scope, held), ...feeds },
          { fetch: fetched, into: { ...gradients, ...statisticTargets(scope, held) } },
        );
        return { ...measured(results), gradients, embeddings: results['embedding'] };
      },
      release: () => releaseAll([program], gradients),
    },
  };
}

async function tripletSlices({ engine, config, loss, rows, atOnce, backbone }: Parts): Promise<Prepared> {
  const slices = rows / atOnce;
  const { graph, scope } = sliceGraph(config, loss, atOnce, 1 / slices, backbone);
  const program = await engine.compile(graph, { name: 'slice', asBuilt: true });
  const gradients = await holdGradients(engine, scope);
  return {
    scope,
    gradients: {
      async compute(batch, masks, held) {
        const sums = { loss: 0, activeShare: 0, spread: 0 };
        for (let slice = 0; slice < slices; slice++) {
          const part = sliceRows(rowFeeds(batch, masks), slice * atOnce, atOnce);
          const results = await program.run(
            { ...networkFeeds(scope, held), ...accumulators(scope, gradients), ...part, keep: keepFrom(slice) },
            { fetch: ['loss', 'active', 'spread'], into: gradients },
          );
          const values = measured(results);
          sums.loss += values.loss / slices;
          sums.activeShare += values.activeShare / slices;
          sums.spread += values.spread / slices;
        }
        return { ...sums, gradients, embeddings: undefined };
      },
      release: () => releaseAll([program], gradients),
    },
  };
}

async function inBatchSlices({ engine, config, loss, rows, atOnce, backbone }: Parts): Promise<Prepared> {
  const dimension = config.network.embeddingDimension;
  const embed = await engine.compile(embedSliceGraph(config, atOnce, backbone).graph, {
    name: 'embed slice',
    asBuilt: true,
  });
  const { graph: alone, scope: learntByLoss } = lossGraph(config, loss, rows);
  const differentiate = await engine.compile(alone, { name: 'loss' });
  const { graph, scope } = backwardSliceGraph(config, atOnce, backbone);
  const back = await engine.compile(graph, { name: 'backward slice', asBuilt: true });
  const gradients = await holdGradients(engine, scope);
  const lossGradients = await holdGradients(engine, learntByLoss);
  const parameters = new Map([...scope.parameters, ...learntByLoss.parameters]);
  return {
    scope: { parameters, statistics: scope.statistics, masks: scope.masks },
    gradients: {
      async compute(batch, masks, held, lossFeeds) {
        const perRow = rowFeeds(batch, masks);
        const embeddings = new Float32Array(rows * dimension);
        for (let start = 0; start < rows; start += atOnce) {
          const part = sliceRows(perRow, start, atOnce);
          const { embedding } = await embed.run({ ...networkFeeds(scope, held), ...part });
          embeddings.set(embedding.data as Float32Array, start * dimension);
        }
        // A copy of the embeddings: an engine in another thread keeps what it is fed.
        const fed = tensor('float32', [rows, dimension], embeddings.slice());
        const results = await differentiate.run(
          { ...networkFeeds(learntByLoss, held), ...lossFeeds, embedding: fed },
          { fetch: ['loss', 'active', 'spread', 'gradient'], into: lossGradients },
        );
        for (let start = 0; start < rows; start += atOnce) {
          const part = sliceRows({ ...perRow, seed: results.gradient }, start, atOnce);
          const keep = keepFrom(start);
          await back.run(
            { ...networkFeeds(scope, held), ...accumulators(scope, gradients), ...part, keep },
            { fetch: [], into: gradients },
          );
        }
        return {
          ...measured(results),
          gradients: { ...gradients, ...lossGradients },
          embeddings: tensor('float32', [rows, dimension], embeddings),
        };
      },
      release: () => releaseAll([embed, differentiate, back], { ...gradients, ...lossGradients }),
    },
  };
}

/** Whatever has a row for each row of the batch. */
function rowFeeds(
  { image, features, augmentation }: TrainingBatch,
  masks: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  return { ...augmentation, ...masks, image, ...(features === undefined ? {} : { features }) };
}

function networkFeeds(scope: LearntTensors, held: ReadonlyMap<string, HeldTensor>): Record<string, HeldTensor> {
  const names = [...scope.parameters.keys(), ...scope.statistics.keys()];
  return Object.fromEntries(names.map((name) => [name, held.get(name)!]));
}

/** Outputs that carry the successors of statistics, and the held tensors they go into. */
function statisticTargets(scope: TrainingScope, held: ReadonlyMap<string, HeldTensor>): Record<string, HeldTensor> {
  return Object.fromEntries([...scope.statistics.keys()].map((name) => [nextOf(name), held.get(name)!]));
}

function accumulators(
  scope: TrainingScope,
  gradients: Readonly<Record<string, HeldTensor>>,
): Record<string, HeldTensor> {
  return Object.fromEntries(
    [...scope.parameters.keys()].map((name) => [accumulatorOf(name), gradients[gradientOf(name)]]),
  );
}

async function holdGradients(engine: Engine, scope: TrainingScope): Promise<Record<string, HeldTensor>> {
  const gradients: Record<string, HeldTensor> = {};
  for (const { spec } of scope.parameters.values()) {
    gradients[gradientOf(spec.name)] = await engine.hold(tensor('float32', spec.shape));
  }
  return gradients;
}

const keepFrom = (slice: number): Tensor => tensor('float32', [], Float32Array.of(slice === 0 ? 0 : 1));

function measured(results: Readonly<Record<string, Tensor>>) {
  return {
    loss: toNumbers(results.loss)[0],
    activeShare: toNumbers(results.active)[0],
    spread: toNumbers(results.spread)[0],
  };
}

async function releaseAll(
  programs: readonly Program[],
  gradients: Readonly<Record<string, HeldTensor>>,
): Promise<void> {
  for (const program of programs) await program.release();
  for (const gradient of Object.values(gradients)) await gradient.release();
}
