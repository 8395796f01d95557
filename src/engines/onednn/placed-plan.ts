import { EngineError } from '../../foundation/errors/engine-error.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { bytesPerElement, type ElementType } from '../../graph/tensor/element-type.ts';
import { sizeOf, staticShape } from '../../graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { Placement } from '../engine.ts';
import { nativeTensor } from '../native-tensor.ts';
import { OnnxruntimeTensor } from '../onnxruntime/onnxruntime-engine.ts';
import { argument, statusNames } from './library/constants.ts';
import type { Koffi, Pointer } from './library/koffi-package.ts';
import { type AlignedMemory, alignedMemory } from './memory/aligned-memory.ts';
import type { Storage } from './memory/storage.ts';
import type { Datum } from './plan/datum.ts';
import type { Plan } from './plan/make-plan.ts';
import { planMemory } from './plan/plan-memory.ts';
import type { Crossing, ForeignStep, PrimitiveStep } from './plan/step.ts';

/** A primitive that can be executed: its arguments as an array of `dnnl_exec_arg_t`, 16 bytes each. */
interface Executable {
  readonly name: string;
  readonly primitive: Pointer;
  readonly count: number;
  readonly words: BigInt64Array;
  readonly address: Pointer;
}

/** Memory whose address a run decides. */
interface Movable {
  readonly memories: Pointer[];
  address: Pointer;
  readonly shape: readonly number[];
  /** An output's own memory, for runs that give it back. */
  own: AlignedMemory | undefined;
}

/** A plan with its memory: one arena, one block of scratch, primitives made and constants where they belong. */
export class PlacedPlan {
  readonly steps: readonly (number | ForeignStep)[];
  readonly arenaBytes: number;
  readonly implementations: readonly string[];
  readonly #koffi: Koffi;
  readonly #arena: AlignedMemory;
  readonly #offsets: ReadonlyMap<Storage, number>;
  readonly #scratch: AlignedMemory;
  readonly #constants = new Map<Storage, AlignedMemory>();
  readonly #inputs = new Map<string, Movable>();
  readonly #outputs = new Map<string, Movable>();
  readonly #memories = new Map<Storage, Map<Pointer, Pointer>>();
  readonly #executables: readonly Executable[];
  readonly #crossings = new Map<Crossing, OnnxruntimeTensor>();
  readonly #execute: (...values: readonly unknown[]) => unknown;

  constructor(private readonly plan: Plan) {
    const { objects, steps, once } = plan;
    const { native } = objects;
    this.#koffi = native.koffi;
    this.#execute = native.plain('dnnl_primitive_execute', 'int', ['void *', 'void *', 'int', 'void *']);
    const { arena, scratchBytes } = planMemory(plan);
    this.#offsets = arena.offsets;
    this.arenaBytes = arena.bytes;
    this.#arena = alignedMemory(this.#koffi, arena.bytes);
    const primitives = [...once, ...steps].flatMap((step) => (step.kind === 'primitive' ? [step] : []));
    this.#scratch = alignedMemory(this.#koffi, scratchBytes);
    this.implementations = primitives.map(({ name, implementation }) => `${name} ${implementation}`);
    for (const step of once) this.#run(this.#executable(step));
    const executables: Executable[] = [];
    this.steps = steps.map((step) => (step.kind === 'foreign' ? step : executables.push(this.#executable(step)) - 1));
    this.#executables = executables;
  }

  /** Names of what primitives read of the program's inputs. */
  get inputs(): Iterable<string> {
    return this.#inputs.keys();
  }

  /** Outputs that primitives make, with their shapes. */
  get outputs(): [name: string, shape: readonly number[]][] {
    return [...this.#outputs].map(([name, { shape }]) => [name, shape]);
  }

  get placement(): Placement {
    return this.plan.placement;
  }

  pointInput(name: string, elements: Float32Array): void {
    this.#point(this.#inputs.get(name)!, this.#koffi.address(elements));
  }

  /** Has an output written into an array, or into memory of its own. */
  pointOutput(name: string, elements: Float32Array | undefined): void {
    const output = this.#outputs.get(name)!;
    output.own ??= elements === undefined ? alignedMemory(this.#koffi, 4 * sizeOf(output.shape)) : undefined;
    this.#point(output, elements === undefined ? output.own!.address : this.#koffi.address(elements));
  }

  /** The elements of an output in its own memory. */
  output(name: string): Float32Array {
    const { own, shape } = this.#outputs.get(name)!;
    return new Float32Array(own!.buffer, own!.offset, sizeOf(shape));
  }

  execute(index: number): void {
    this.#run(this.#executables[index]);
  }

  /** A value between the engines, as the other one has it: in the arena. */
  crossing(crossing: Crossing): OnnxruntimeTensor {
    const known = this.#crossings.get(crossing);
    if (known !== undefined) return known;
    const { value, storage } = crossing;
    const shape = staticShape(value.shape, `'${value.name}' between engines`);
    const elements = arrayOver(
      value.type,
      this.#arena.buffer,
      this.#arena.offset + this.#offsets.get(storage)!,
      sizeOf(shape),
    );
    const made = new OnnxruntimeTensor(
      value.type,
      shape,
      nativeTensor(tensor(value.type, shape, elements as never) as Tensor),
    );
    this.#crossings.set(crossing, made);
    return made;
  }

  release(): void {
    this.plan.objects.release();
  }

  #run({ name, primitive, count, address }: Executable): void {
    const status = Number(this.#execute(primitive, this.plan.objects.stream, count, address));
    if (status !== 0) throw new EngineError(`oneDNN cannot run '${name}': ${statusNames[status] ?? status}`);
  }

  #point(movable: Movable, address: Pointer): void {
    if (movable.address === address) return;
    movable.address = address;
    for (const memory of movable.memories) this.plan.objects.moveMemory(memory, address);
  }

  #executable({ name, description, arguments: given, scratch }: PrimitiveStep): Executable {
    const { objects } = this.plan;
    const memories = given.map(([place, datum]) => [place, this.#memory(datum)] as const);
    const all = scratch
      ? [...memories, [argument.scratchpad, objects.memory(scratch.layout, this.#scratch.address)] as const]
      : memories;
    // An array of fewer bytes might lie in the heap and move.
    const words = new BigInt64Array(Math.max(16, 2 * all.length));
    for (const [index, [place, memory]] of all.entries()) {
      words[2 * index] = BigInt(place);
      words[2 * index + 1] = memory;
    }
    const primitive = objects.primitive(description);
    return { name, primitive, count: all.length, words, address: this.#koffi.address(words) };
  }

  #memory({ storage, layout, shape, offset = 0 }: Datum): Pointer {
    const known = this.#memories.get(storage) ?? new Map<Pointer, Pointer>();
    this.#memories.set(storage, known);
    const found = known.get(layout);
    if (found !== undefined) return found;
    const made = this.plan.objects.memory(layout, this.#addressOf(storage) + BigInt(offset));
    known.set(layout, made);
    if (storage.place === 'input' || storage.place === 'output') {
      const movables = storage.place === 'input' ? this.#inputs : this.#outputs;
      const movable = movables.get(storage.name!) ?? {
        memories: [],
        address: 0n,
        shape: storage.shape ?? shape,
        own: undefined,
      };
      movable.memories.push(made);
      movables.set(storage.name!, movable);
    }
    return made;
  }

  #addressOf(storage: Storage): Pointer {
    if (storage.place === 'arena') return this.#arena.address + BigInt(this.#offsets.get(storage)!);
    return storage.place === 'constant' ? this.#constant(storage).address : 0n;
  }

  #constant(storage: Storage): AlignedMemory {
    const known = this.#constants.get(storage);
    if (known !== undefined) return known;
    const memory = alignedMemory(this.#koffi, storage.bytes);
    this.#constants.set(storage, memory);
    const given = storage.name === undefined ? undefined : constantOf(this.plan.constants.get(storage.name));
    if (given !== undefined) {
      new Float32Array(memory.buffer, memory.offset, given.data.length).set(given.data as Float32Array);
    }
    return memory;
  }
}

/** An array of a type over part of a buffer. */
function arrayOver(type: ElementType, buffer: ArrayBuffer, offset: number, length: number) {
  const bytes = bytesPerElement[type];
  if (type === 'float32') return new Float32Array(buffer, offset, length);
  if (type === 'float64') return new Float64Array(buffer, offset, length);
  if (type === 'int64') return new BigInt64Array(buffer, offset, length);
  if (type === 'int32') return new Int32Array(buffer, offset, length);
  return type === 'int8' ? new Int8Array(buffer, offset, length) : new Uint8Array(buffer, offset, length * bytes);
}
