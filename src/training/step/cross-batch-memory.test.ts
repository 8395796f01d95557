import { describe, expect, it } from 'vitest';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { CrossBatchMemory } from './cross-batch-memory.ts';

/** Two rows whose numbers tell the step and the row. */
const rows = (step: number) => float32([2, 2], [step, 0.5, step, 0.25]);
const labels = (step: number) => [10 * step, 10 * step + 1];

function contents(memory: CrossBatchMemory) {
  const { memory: embeddings, memory_labels: names } = memory.feeds();
  return { embeddings: toNumbers(embeddings), labels: toNumbers(names) };
}

describe('CrossBatchMemory', () => {
  it('is empty until its warm-up is over, then keeps the newest in the place of the oldest', () => {
    const memory = CrossBatchMemory.create({ rows: 5, after: 2 }, 2);
    const empty = { embeddings: Array(10).fill(0), labels: [-1, -1, -1, -1, -1] };
    for (const step of [1, 2]) {
      memory.remember(step, rows(step), labels(step));
      expect(contents(memory)).toEqual(empty);
    }
    for (const step of [3, 4, 5]) memory.remember(step, rows(step), labels(step));
    expect(contents(memory)).toEqual({
      embeddings: [5, 0.25, 3, 0.25, 4, 0.5, 4, 0.25, 5, 0.5],
      labels: [51, 31, 40, 41, 50],
    });
  });

  it('goes on from a checkpoint as if it had never stopped, and neither shares memory with it', () => {
    const settings = { rows: 5, after: 0 };
    const whole = CrossBatchMemory.create(settings, 2);
    for (const step of [1, 2, 3]) whole.remember(step, rows(step), labels(step));
    const saved = whole.snapshot();
    const resumed = CrossBatchMemory.create(settings, 2, saved);
    expect(contents(resumed)).toEqual(contents(whole));
    for (const step of [4, 5]) {
      whole.remember(step, rows(step), labels(step));
      resumed.remember(step, rows(step), labels(step));
      expect(contents(resumed)).toEqual(contents(whole));
    }
    expect(contents(CrossBatchMemory.create(settings, 2, saved))).not.toEqual(contents(whole));
  });

  it('feeds copies, for an engine in another thread keeps what it is fed', () => {
    const memory = CrossBatchMemory.create({ rows: 2, after: 0 }, 2);
    memory.remember(1, rows(1), labels(1));
    (memory.feeds().memory.data as Float32Array).fill(9);
    expect(contents(memory).embeddings).toEqual([1, 0.5, 1, 0.25]);
  });

  it('refuses a checkpoint without a memory or with another one', () => {
    const saved = CrossBatchMemory.create({ rows: 5, after: 0 }, 2).snapshot();
    expect(() => CrossBatchMemory.create({ rows: 5, after: 0 }, 2, new Map<string, Tensor>())).toThrow(
      "the checkpoint lacks 'memory:embeddings', this run's cross-batch memory wants float32[5,2]",
    );
    expect(() => CrossBatchMemory.create({ rows: 6, after: 0 }, 2, saved)).toThrow(
      "the checkpoint has float32[5,2] for 'memory:embeddings'",
    );
  });
});
