import { InternalError } from '../../../foundation/errors/internal-error.ts';
import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { constantOf, producerOf } from '../../../graph/builder/value.ts';
import { sizeOf, staticShape } from '../../../graph/tensor/shape.ts';
import { argument, type DataType, dataType, formatTag, propagation, query } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { OneDnnObjects } from '../library/onednn-objects.ts';
import { type Activation, activationOf, scalingOf } from '../lowering/activation.ts';
import type { Storage } from '../memory/storage.ts';
import type { Datum } from './datum.ts';
import { isReference, KernelRefusal } from './kernel-refusal.ts';
import type { ForwardPass, Moments, PlanSurroundings } from './plan-surroundings.ts';
import type { PrimitiveStep, Step } from './step.ts';
import { TensorStrides } from './tensor-strides.ts';

/** Elements from which on a reference kernel is refused: below, it takes microseconds. */
const largeElements = 4096;

/**
 * The list of primitives of a program while it is made. Each value has the layout that the primitive that made it likes best;
 * who wants it in another gets a copy, which is kept for the next.
 */
export class PlanBuilder {
  readonly steps: Step[] = [];
  /** What is done once, when all is planned: constants into the layouts that primitives want. */
  readonly once: PrimitiveStep[] = [];
  readonly #data = new Map<Value, Datum[]>();
  readonly strides: TensorStrides;
  /** Constants that several primitives read, by what they are. */
  readonly shared = new Map<string, Datum>();
  /** Nodes that are done with another. */
  readonly fused = new Set<OperatorNode>();
  readonly #outputs = new Map<string, Datum>();
  /** Workspaces of forward passes, by what they computed. */
  readonly workspaces = new Map<Value, ForwardPass>();
  /** Mean and variance of every line of a tensor, by the tensor. */
  readonly moments = new Map<Value, Moments>();

  constructor(
    readonly objects: OneDnnObjects,
    readonly surroundings: PlanSurroundings,
  ) {
    this.strides = new TensorStrides(objects);
  }

  get compute(): DataType {
    return this.surroundings.compute;
  }

  /** `dnnl_prop_kind_t` of a forward pass. */
  get forward(): number {
    return this.surroundings.learns ? propagation.forwardTraining : propagation.forwardInference;
  }

  /** The datum of a value as it was made. */
  datum(value: Value): Datum {
    const known = this.#data.get(value)?.[0];
    if (known !== undefined) return known;
    const producer = producerOf(value);
    if (producer !== undefined)
      throw new InternalError(`'${value.name}' is read before '${producer.name}' has made it`);
    const shape = staticShape(value.shape, `'${value.name}' in oneDNN`);
    const layout = this.objects.plainLayout(shape, dataType.float32);
    const bytes = 4 * sizeOf(shape);
    const place = constantOf(value) === undefined ? 'input' : 'constant';
    const datum = { shape, type: 'float32', layout, storage: { place, name: value.name, bytes, sharers: 1 } } as const;
    this.#data.set(value, [datum]);
    return datum;
  }

  has(value: Value): boolean {
    return this.#data.has(value);
  }

  /** True of what can be read by now: it has been made, or nobody makes it. */
  isThere(value: Value): boolean {
    return this.has(value) || producerOf(value) === undefined;
  }

  /**
   * The activation behind a node, if nothing else reads what the node makes: the node's primitive does it, too, and the
   * activation's own result takes the place of the node's.
   */
  takeActivation(value: Value): { readonly made: Value; readonly activation: Activation } | undefined {
    const reader = this.onlyReader(value);
    const activation = reader && (activationOf(reader) ?? scalingOf(reader));
    if (reader === undefined || activation === undefined) return undefined;
    this.fused.add(reader);
    return { made: reader.outputs[0], activation };
  }

  /** The same, of a primitive that has nothing but ReLU. */
  takeRelu(value: Value): OperatorNode | undefined {
    const reader = this.onlyReader(value);
    if (reader?.op !== 'Relu') return undefined;
    this.fused.add(reader);
    return reader;
  }

  /** The node that reads a value, if nothing else does and it leaves oneDNN nowhere. */
  onlyReader(value: Value): OperatorNode | undefined {
    const { readers, outputs, crosses } = this.surroundings;
    const [reader, ...others] = readers(value);
    return others.length > 0 || outputs.has(value) || crosses(value) ? undefined : reader;
  }

  /** Says where a value is, for the first time. */
  define(value: Value, datum: Datum): void {
    this.#data.set(value, [datum]);
  }

  /** A new tensor in a layout. */
  fresh(shape: readonly number[], type: DataType, layout: Pointer): Datum {
    const storage: Storage = { place: 'arena', bytes: this.objects.bytesOf(layout), sharers: 1 };
    return { shape, type, layout, storage };
  }

  /** Another description of the same memory. */
  view(of: Datum, shape: readonly number[], layout: Pointer): Datum {
    return this.part(of, shape, layout, 0);
  }

  /** Description of a part of the same memory, which begins so many bytes behind. */
  part(of: Datum, shape: readonly number[], layout: Pointer, bytes: number): Datum {
    const { type, storage, offset: before = 0 } = of;
    storage.sharers++;
    const offset = before + bytes;
    return { shape, type, layout, storage, ...(offset === 0 ? {} : { offset }) };
  }

  /**
   * A tensor for a value in a layout that a primitive chose. Where the value is an output of the program and that layout is
   * ONNX's own, it is the output itself.
   */
  resultOf(value: Value, type: DataType, layout: Pointer): Datum {
    const shape = staticShape(value.shape, `'${value.name}' in oneDNN`);
    const [name] = this.surroundings.outputs.get(value) ?? [];
    const datum =
      name !== undefined && type === 'float32' && this.objects.sameLayout(layout, this.plain(shape, type))
        ? this.outputDatum(name, shape, layout)
        : this.fresh(shape, type, layout);
    this.define(value, datum);
    return datum;
  }

  /** The memory of an output of the program. */
  outputDatum(name: string, shape: readonly number[], layout: Pointer): Datum {
    const known = this.#outputs.get(name);
    if (known !== undefined) return known;
    const storage: Storage = { place: 'output', name, shape, bytes: 4 * sizeOf(shape), sharers: 1 };
    const datum = { shape, type: 'float32', layout, storage } as const;
    this.#outputs.set(name, datum);
    return datum;
  }

  /** The type that a value has behind the primitive that makes it: float32 where nobody here reads it. */
  resultType(value: Value): DataType {
    const { outputs, crosses, readers } = this.surroundings;
    const leaves = outputs.has(value) || crosses(value);
    return leaves && readers(value).length === 0 ? 'float32' : this.compute;
  }

  plain(shape: readonly number[], type: DataType): Pointer {
    return this.objects.plainLayout(shape, dataType[type]);
  }

  any(shape: readonly number[], type: DataType): Pointer {
    return this.objects.anyLayout(shape, dataType[type]);
  }

  /** A value in a layout and type: as it is, or a copy that was made before or is made now. */
  as(value: Value, layout: Pointer, type: DataType): Datum {
    this.datum(value);
    const known = this.#data.get(value)!;
    const found = known.find((datum) => datum.type === type && this.objects.sameLayout(datum.layout, layout));
    if (found !== undefined) return found;
    const made = this.reordered(value.name, known[0], layout, type);
    known.push(made);
    return made;
  }

  /** A value as it lies, in the type of what lies between primitives. */
  inType(value: Value): Datum {
    const datum = this.datum(value);
    return datum.type === this.compute ? datum : this.asPlain(value, this.compute);
  }

  /** A value as ONNX has it. */
  asPlain(value: Value, type: DataType = 'float32'): Datum {
    return this.as(value, this.plain(this.datum(value).shape, type), type);
  }

  /** A copy of a tensor in another layout or type. */
  reordered(name: string, from: Datum, layout: Pointer, type: DataType, into?: Datum): Datum {
    const constant = from.storage.place === 'constant';
    const fresh = into ?? this.fresh(from.shape, type, layout);
    const to =
      constant && into === undefined ? { ...fresh, storage: { ...fresh.storage, place: 'constant' } as const } : fresh;
    const { objects } = this;
    const description = objects.make(
      'primitive_desc',
      'dnnl_reorder_primitive_desc_create',
      ['void *', 'void *', 'void *', 'void *', 'void *'],
      [from.layout, objects.engine, layout, objects.engine, objects.plainAttributes],
    );
    const step = this.#step(`${name}.reorder`, description, [
      [argument.source, from],
      [argument.result, to],
    ]);
    (to.storage.place === 'constant' ? this.once : this.steps).push(step);
    return to;
  }

  /** Appends a primitive. @throws KernelRefusal if oneDNN has but plain loops for it and it is large. */
  add(
    name: string,
    description: Pointer,
    given: readonly (readonly [argument: number, datum: Datum | undefined])[],
  ): void {
    const present = given.flatMap(([place, datum]) => (datum === undefined ? [] : [[place, datum] as const]));
    const step = this.#step(name, description, present);
    const largest = present.reduce((most, [, { shape }]) => Math.max(most, sizeOf(shape)), 0);
    if (!this.surroundings.anyKernel && largest >= largeElements && isReference(step.implementation)) {
      throw new KernelRefusal(name, step.implementation);
    }
    this.steps.push(step);
  }

  /** Appends a primitive that is done once, when all is planned. */
  addOnce(name: string, description: Pointer, given: PrimitiveStep['arguments']): void {
    this.once.push(this.#step(name, description, given));
  }

  /** True if anything reads a value. */
  isWanted(value: Value): boolean {
    const { readers, outputs, crosses } = this.surroundings;
    return readers(value).length > 0 || outputs.has(value) || crosses(value);
  }

  /**
   * The first of several layouts of an image for which oneDNN has more than plain loops: as it is, in blocks of 16 channels,
   * or row-major. Gives the description and the image in that layout.
   */
  inSomeLayout(value: Value, from: Datum, describe: (image: Datum) => Pointer): { image: Datum; description: Pointer } {
    const { shape, type } = from;
    const tags = shape.length === 4 ? [formatTag.blocked16, formatTag.plain[4]] : [];
    const { objects } = this;
    const description = describe(from);
    if (!isReference(objects.implementation(description))) return { image: from, description };
    for (const tag of tags) {
      const layout = objects.taggedLayout(shape, dataType[type], tag);
      const other = describe({ ...from, layout });
      if (isReference(objects.implementation(other))) continue;
      return { image: this.as(value, layout, type), description: other };
    }
    return { image: from, description };
  }

  /** A layout for an image of the kind that another one has: in blocks of 16 channels, channels last, or row-major. */
  sameFormat(like: Datum, shape: readonly number[]): Pointer {
    const { objects } = this;
    const type = dataType[like.type];
    const tags = [formatTag.blocked16, formatTag.channelsLast];
    const tag = tags.find((one) => objects.sameLayout(objects.taggedLayout(like.shape, type, one), like.layout));
    return objects.taggedLayout(shape, type, tag ?? formatTag.plain[shape.length]);
  }

  /** The layout that a primitive wants of an argument. */
  wanted(description: Pointer, what: number): Pointer {
    return this.objects.wanted(description, what);
  }

  /** Forgets copies of what the program is fed with: kept until the backward pass, weights would lie there twice. */
  forgetCopiesOfInputs(): void {
    for (const [value, [made]] of this.#data) if (made.storage.place === 'input') this.#data.set(value, [made]);
  }

  #step(
    name: string,
    description: Pointer,
    given: readonly (readonly [argument: number, datum: Datum])[],
  ): PrimitiveStep {
    const { objects } = this;
    const scratch = objects.optional(description, query.scratchpad);
    return {
      kind: 'primitive',
      name,
      description,
      implementation: objects.implementation(description),
      arguments: given,
      scratch,
    };
  }
}
