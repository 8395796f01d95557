import type { Node, Value } from '../../graph/builder/graph.ts';
import { bytesPerElement } from '../../graph/tensor/element-type.ts';
import { sameShape } from '../../graph/tensor/shape.ts';
import { bytesOf, inPlaceOperators, viewOperators } from './kernel-memory.ts';

/** Memory for one value, or for several one after the other. */
export interface PlannedBuffer {
  readonly bytes: number;
  /** Places in the execution order: where it is taken, and after which node it is given back. */
  readonly first: number;
  readonly last: number;
}

/**
 * The buffers that onnxruntime plans for the values between a graph's inputs and outputs, before anything runs. A result
 * goes, in this order of preference, into
 * 1. an output's buffer, which is not counted here;
 * 2. its input's buffer, as a view of it (Reshape) or written over it, if it is as large and nothing else needs it (Relu);
 * 3. a buffer of the same shape that is free, the one freed last; it was kept from when it became free;
 * 4. a new buffer.
 *
 * @throws if a value's shape is not known in advance, naming it.
 * Source: onnxruntime, `PlannerImpl::ComputeReusePlan` (allocation_planner.cc), sequential execution.
 */
export function planAllocations(order: readonly Node[], outputs: ReadonlySet<Value>): PlannedBuffer[] {
  return new AllocationPlanner(order, outputs).buffers;
}

interface Buffer extends PlannedBuffer {
  last: number;
  /** The value it was made for: its shape and type decide who may take it over. */
  readonly madeFor: Value;
  /** How often it will still be read. */
  reads: number;
}

class AllocationPlanner {
  readonly buffers: Buffer[] = [];
  readonly #bufferOf = new Map<Value, Buffer>();
  readonly #reads = new Map<Value, number>();
  /** Last freed first. */
  readonly #free: Buffer[] = [];

  constructor(
    order: readonly Node[],
    private readonly outputs: ReadonlySet<Value>,
  ) {
    for (const node of order) for (const value of node.inputs) if (value !== undefined) this.#count(value);
    for (const [place, node] of order.entries()) {
      for (const value of node.outputs) this.#place(node, value, place);
      for (const value of node.inputs) this.#read(value, place);
      for (const value of node.outputs) this.#freeIfUnread(this.#bufferOf.get(value));
    }
  }

  #count(value: Value): void {
    this.#reads.set(value, (this.#reads.get(value) ?? 0) + 1);
  }

  #place(node: Node, value: Value, place: number): void {
    if (this.outputs.has(value)) return;
    if (viewOperators.has(node.op) && node.inputs[0] !== undefined) {
      this.#share(this.#bufferOf.get(node.inputs[0]), value);
      return;
    }
    const buffer = this.#overwritable(node, value) ?? this.#takeFree(value);
    if (buffer !== undefined) {
      this.#share(buffer, value);
      return;
    }
    const reads = this.#reads.get(value) ?? 0;
    const made = { bytes: bytesOf(value), first: place, last: place, madeFor: value, reads };
    this.buffers.push(made);
    this.#bufferOf.set(value, made);
  }

  /** An input's or an output's memory is not planned here, and neither is a view of it. */
  #share(buffer: Buffer | undefined, value: Value): void {
    if (buffer === undefined) return;
    buffer.reads += this.#reads.get(value) ?? 0;
    this.#bufferOf.set(value, buffer);
  }

  #overwritable(node: Node, value: Value): Buffer | undefined {
    const input = node.inputs[0];
    if (input === undefined || !inPlaceOperators.has(node.op) || !isAlike(input, value)) return undefined;
    const buffer = this.#bufferOf.get(input);
    return buffer?.reads === 1 ? buffer : undefined;
  }

  #takeFree(value: Value): Buffer | undefined {
    // A free buffer that is planned for a value that nobody reads has been given back when the value is made.
    if (value.shape.length === 0 || !this.#reads.has(value)) return undefined;
    const found = this.#free.findIndex((buffer) => isAlike(buffer.madeFor, value));
    return found === -1 ? undefined : this.#free.splice(found, 1)[0];
  }

  #read(value: Value | undefined, place: number): void {
    const buffer = value && this.#bufferOf.get(value);
    if (buffer === undefined) return;
    buffer.last = place;
    buffer.reads--;
    this.#freeIfUnread(buffer);
  }

  #freeIfUnread(buffer: Buffer | undefined): void {
    if (buffer?.reads === 0 && !this.#free.includes(buffer)) this.#free.unshift(buffer);
  }
}

/** True if a value can take another one's memory: the same shape, and elements as wide. */
function isAlike(a: Value, b: Value): boolean {
  return sameShape(a.shape, b.shape) && bytesPerElement[a.type] === bytesPerElement[b.type];
}
