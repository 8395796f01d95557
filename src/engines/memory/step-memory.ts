import type { Graph, Node, Value } from '../../graph/builder/graph.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { lowerGradients } from '../../graph/lowering/lower-gradients.ts';
import { type PlannedBuffer, planAllocations } from './allocation-plan.ts';
import { Arena, type Block } from './arena.ts';
import { executionOrder } from './execution-order.ts';
import { bytesOf, scratchBytes } from './kernel-memory.ts';

/** What running a graph adds to the memory of a process, in bytes. */
export interface StepMemory {
  readonly peakBytes: number;
  /** Its parts; they add up to the peak. */
  readonly breakdown: {
    /** What the graph is fed with. */
    readonly inputs: number;
    /** The graph's constants, here and in onnxruntime. */
    readonly constants: number;
    /** The graph's results, and the copies of them that onnxruntime's binding makes. */
    readonly outputs: number;
    /** All values in between, and what kernels take while they run. onnxruntime keeps it between runs. */
    readonly values: number;
    /** onnxruntime's own code and tables. */
    readonly runtime: number;
  };
}

const runtimeBytes = 40 * 2 ** 20;

/**
 * The peak memory of running a graph on onnxruntime's CPU build, compiled `asBuilt`. onnxruntime plans its buffers from the
 * graph alone, so the plan is followed rather than measured: the order of the nodes, which results share a buffer, how the
 * arena cuts them. What Node itself takes is not in it.
 *
 * A second graph run in turn with the first adds its own `values`, and its inputs and outputs as far as they are not the
 * first one's.
 *
 * @throws if a value's shape is not known in advance, naming it.
 */
export function estimateStepMemory(built: Graph): StepMemory {
  const graph = lowerGradients(built);
  const { inputs, constants, nodes } = neededParts(graph);
  const order = executionOrder(nodes.toReversed());
  const buffers = planAllocations(order, new Set(graph.outputs.values()));
  const breakdown = {
    inputs: totalBytes(inputs),
    constants: 2 * totalBytes(constants),
    outputs: 2 * totalBytes(graph.outputs.values()),
    values: arenaBytes(order, buffers),
    runtime: runtimeBytes,
  };
  return { peakBytes: Object.values(breakdown).reduce((sum, bytes) => sum + bytes, 0), breakdown };
}

function totalBytes(values: Iterable<Value>): number {
  return [...values].reduce((sum, value) => sum + bytesOf(value), 0);
}

/** Bytes that an arena has touched when further runs with these buffers touch no more; each run finds it cut differently. */
function arenaBytes(order: readonly Node[], buffers: readonly PlannedBuffer[]): number {
  const arena = new Arena();
  for (let touched = -1; touched < arena.touchedBytes; ) {
    touched = arena.touchedBytes;
    runIn(arena, order, buffers);
  }
  return arena.touchedBytes;
}

function runIn(arena: Arena, order: readonly Node[], buffers: readonly PlannedBuffer[]): void {
  const blocks = new Map<PlannedBuffer, Block>();
  for (const [place, node] of order.entries()) {
    for (const buffer of buffers) if (buffer.first === place) blocks.set(buffer, arena.allocate(buffer.bytes));
    const scratch = scratchBytes(node);
    if (scratch > 0) arena.free(arena.allocate(scratch));
    for (const [buffer, block] of blocks) {
      if (buffer.last !== place) continue;
      arena.free(block);
      blocks.delete(buffer);
    }
  }
}
