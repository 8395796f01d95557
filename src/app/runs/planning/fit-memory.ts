import { bytesOf } from '../../../engines/memory/kernel-memory.ts';
import { estimateStepMemory, type StepMemory } from '../../../engines/memory/step-memory.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Graph } from '../../../graph/builder/graph.ts';
import { sizeOf } from '../../../graph/tensor/shape.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import { rankingLoss } from '../../../training/configuration/make-loss.ts';
import { makeOptimizer } from '../../../training/configuration/make-optimizer.ts';
import { rowsOf } from '../../../training/configuration/step/batch-config.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import {
  backwardSliceGraph,
  embedSliceGraph,
  lossGraph,
  sliceGraph,
  stepGraph,
} from '../../../training/step/network-graphs.ts';
import { updateGraphs } from '../../../training/step/update-graph.ts';

/** What running a graph takes, on the engine that will run it. */
export type EstimateMemory = (graph: Graph) => StepMemory;

/**
 * Bytes that a step is expected to take at its peak, with `rows` rows at once: the largest of its graphs, what the engine
 * keeps of the others between runs, and the optimiser's state.
 *
 * @param estimate of a graph. Default: onnxruntime's.
 */
export function stepMemory(
  config: TrainingConfig,
  rows: number,
  trunk?: Trunk,
  estimate: EstimateMemory = estimateStepMemory,
): number {
  const loss = rankingLoss(config);
  const optimizer = makeOptimizer(config);
  const whole = rowsOf(config.batch);
  const { graph, scope } =
    rows >= whole
      ? stepGraph(config, loss, whole, trunk)
      : loss.separable
        ? sliceGraph(config, loss, rows, rows / whole, trunk)
        : backwardSliceGraph(config, rows, trunk);
  const parameters = [...scope.parameters.values()].map(({ spec }) => spec);
  const alone = rows < whole && !loss.separable ? lossGraph(config, loss, whole) : undefined;
  parameters.push(...[...(alone?.scope.parameters.values() ?? [])].map(({ spec }) => spec));
  const updates = updateGraphs(parameters, optimizer, config);
  const others = updates.length === 1 ? [...updates] : [];
  if (alone !== undefined) others.push(embedSliceGraph(config, rows, trunk).graph, alone.graph);
  const kept = others.map((other) => estimate(other).breakdown.values);
  const weights = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const state = 4 * weights * optimizer.stateNames.length;
  const step = estimate(graph);
  // While weights change there are no copies of the step's results, but of the successors, beside what a group gives back.
  const copies = step.breakdown.outputs - outputBytes(graph);
  const changing = updates.map(
    (update) => outputBytes(update) + (updates.length === 1 ? 0 : estimate(update).breakdown.values),
  );
  const beside = Math.max(0, Math.max(...changing) - copies);
  return kept.reduce((sum, bytes) => sum + bytes, step.peakBytes + state + beside);
}

const outputBytes = (graph: Graph): number =>
  [...graph.outputs.values()].reduce((sum, value) => sum + bytesOf(value), 0);

/**
 * The configuration with as many rows at once as fit into `memoryBytes`: all of them, or the largest slice that divides the
 * batch (between triplets, for a loss over triplets).
 *
 * @throws if no slice fits, or if slices are needed and the network normalises over the batch.
 */
export function fitMemory(
  config: TrainingConfig,
  memoryBytes: number | undefined,
  trunk?: Trunk,
  estimate: EstimateMemory = estimateStepMemory,
): TrainingConfig {
  if (memoryBytes === undefined) return config;
  const rows = rowsOf(config.batch);
  const whole = stepMemory(config, rows, trunk, estimate);
  if (whole <= memoryBytes) return config;
  const needs = `a step of ${rows} rows takes about ${gigabytes(whole)} and ${gigabytes(memoryBytes)} were allowed`;
  if (config.network.batchNormalization) {
    throw new TrainingError(
      `${needs}; it cannot be cut into slices, for batch normalisation needs all rows together: allow more with options.memoryBytes, or use fewer choices.rows or smaller pictures (choices.size)`,
    );
  }
  const unit = config.batch.kind === 'triplets' ? 3 : 1;
  for (let atOnce = rows - unit; atOnce >= unit; atOnce -= unit) {
    if (rows % atOnce !== 0 || stepMemory(config, atOnce, trunk, estimate) > memoryBytes) continue;
    return { ...config, engine: { ...config.engine, rowsAtOnce: atOnce } };
  }
  throw new TrainingError(
    `${needs}; even ${unit} rows at once take ${gigabytes(stepMemory(config, unit, trunk, estimate))}: allow more with options.memoryBytes`,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
