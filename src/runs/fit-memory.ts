import { estimateStepMemory } from '../engines/step-memory.ts';
import { makeLoss } from '../training/make-loss.ts';
import { backwardSliceGraph, sliceGraph, stepGraph } from '../training/network-graphs.ts';
import { rowsOf, type TrainingConfig } from '../training/training-config.ts';

/** Bytes that a step is expected to take at its peak, with `rows` rows at once. */
export function stepMemory(config: TrainingConfig, rows: number): number {
  const loss = makeLoss(config.loss, config.batch);
  const whole = rowsOf(config.batch);
  if (rows >= whole) return estimateStepMemory(stepGraph(config, loss, whole).graph).peakBytes;
  const { graph } = loss.separable ? sliceGraph(config, loss, rows, rows / whole) : backwardSliceGraph(config, rows);
  return estimateStepMemory(graph).peakBytes;
}

/**
 * The configuration with as many rows at once as fit into `memoryBytes`: all of them, or the largest slice that divides the
 * batch (between triplets, for a loss over triplets).
 *
 * @throws if no slice fits, or if slices are needed and the network normalises over the batch.
 */
export function fitMemory(config: TrainingConfig, memoryBytes: number | undefined): TrainingConfig {
  if (memoryBytes === undefined) return config;
  const rows = rowsOf(config.batch);
  const whole = stepMemory(config, rows);
  if (whole <= memoryBytes) return config;
  const needs = `a step of ${rows} rows takes about ${gigabytes(whole)} and ${gigabytes(memoryBytes)} were allowed`;
  if (config.network.batchNormalization) {
    throw new Error(
      `${needs}; it cannot be cut into slices, for batch normalisation needs all rows together: allow more with --memory, or use fewer --rows or smaller pictures (--size)`,
    );
  }
  const unit = config.batch.kind === 'triplets' ? 3 : 1;
  for (let atOnce = rows - unit; atOnce >= unit; atOnce -= unit) {
    if (rows % atOnce !== 0 || stepMemory(config, atOnce) > memoryBytes) continue;
    return { ...config, engine: { ...config.engine, rowsAtOnce: atOnce } };
  }
  throw new Error(
    `${needs}; even ${unit} rows at once take ${gigabytes(stepMemory(config, unit))}: allow more with --memory`,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
