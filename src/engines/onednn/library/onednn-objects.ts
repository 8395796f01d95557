import { formatTag, query } from './constants.ts';
import type { Pointer } from './koffi-package.ts';
import type { NativeArgument, NativeFunctions, NativeType } from './native-functions.ts';
import { type PrimitiveKind, type PrimitiveValues, primitiveTypes } from './primitive-types.ts';

const object = 'void *';
const lengths = 'const int64_t *';

/**
 * What is done with each element of a primitive's result before it is written: a function, by an algorithm of `dnnl_alg_kind_t`
 * with two numbers, or an operation with another tensor of some layout, whose elements are the second operands.
 */
export type PostOperation =
  | { readonly kind: number; readonly alpha: number; readonly beta: number }
  | { readonly kind: number; readonly operand: Pointer };

/**
 * oneDNN's objects of one program: each is remembered when it is made, and all are destroyed by `release`. Addresses keep
 * nothing alive, so whoever executes a primitive keeps this.
 */
export class OneDnnObjects {
  readonly engine: Pointer;
  readonly stream: Pointer;
  /** Attributes of a primitive whose scratch memory the caller gives. */
  readonly plainAttributes: Pointer;
  readonly #made: (readonly [kind: string, object: Pointer])[] = [];

  constructor(readonly native: NativeFunctions) {
    this.engine = this.make('engine', 'dnnl_engine_create', ['int', 'size_t'], [1, 0]);
    this.stream = this.make('stream', 'dnnl_stream_create', [object, 'uint'], [this.engine, 1]);
    this.plainAttributes = this.attributes([]);
  }

  /** Makes an object by a function whose first argument is where its address goes. */
  make(kind: string, name: string, types: readonly NativeType[], values: readonly NativeArgument[]): Pointer {
    const made = this.native.make(name, types, values);
    this.#made.push([kind, made]);
    return made;
  }

  /** A description of a primitive; see `primitiveTypes`. @throws OneDnnRefusal if oneDNN has none such. */
  description<Kind extends PrimitiveKind>(
    kind: Kind,
    values: PrimitiveValues<Kind>,
    attributes = this.plainAttributes,
  ): Pointer {
    const types: NativeType[] = [object, ...primitiveTypes[kind], object];
    const all: NativeArgument[] = [this.engine, ...values, attributes];
    return this.make('primitive_desc', `dnnl_${kind}_primitive_desc_create`, types, all);
  }

  primitive(description: Pointer): Pointer {
    return this.make('primitive', 'dnnl_primitive_create', [object], [description]);
  }

  /** A tensor at an address; the address can be set later. */
  memory(layout: Pointer, address: Pointer): Pointer {
    return this.make('memory', 'dnnl_memory_create', [object, object, 'intptr_t'], [layout, this.engine, address]);
  }

  moveMemory(memory: Pointer, address: Pointer): void {
    this.native.call('dnnl_memory_set_data_handle', [object, 'intptr_t'], [memory, address]);
  }

  /** Row-major, as ONNX's tensors are. A scalar is a tensor of one axis. */
  plainLayout(shape: readonly number[], type: number): Pointer {
    const axes = shape.length === 0 ? [1] : shape;
    return this.taggedLayout(axes, type, formatTag.plain[axes.length]);
  }

  /** As the primitive likes it. */
  anyLayout(shape: readonly number[], type: number): Pointer {
    return this.taggedLayout(shape, type, formatTag.any);
  }

  taggedLayout(shape: readonly number[], type: number, tag: number): Pointer {
    const values = [shape.length, int64s(shape), type, tag];
    return this.make('memory_desc', 'dnnl_memory_desc_create_with_tag', ['int', lengths, 'int', 'int'], values);
  }

  /** Elements as far apart as `strides` says: a matrix that is the transpose of another. */
  stridedLayout(shape: readonly number[], type: number, strides: readonly number[]): Pointer {
    const values = [shape.length, int64s(shape), type, int64s(strides)];
    return this.make('memory_desc', 'dnnl_memory_desc_create_with_strides', ['int', lengths, 'int', lengths], values);
  }

  bytesOf(layout: Pointer): number {
    return Number(this.native.plain('dnnl_memory_desc_get_size', 'size_t', [object])(layout));
  }

  /** True if two layouts are the same: their addresses say nothing. */
  sameLayout(a: Pointer, b: Pointer): boolean {
    return a === b || Number(this.native.plain('dnnl_memory_desc_equal', 'int', [object, object])(a, b)) === 1;
  }

  /** The layout that a primitive wants of one of its arguments; it belongs to the description. */
  wanted(description: Pointer, what: number): Pointer {
    const ask = this.native.plain('dnnl_primitive_desc_query_md', 'void *', [object, 'int', 'int']);
    return ask(description, what, 0) as Pointer;
  }

  /** As `wanted`, with its bytes; undefined where the primitive has no such argument. */
  optional(description: Pointer, what: number): { readonly layout: Pointer; readonly bytes: number } | undefined {
    const layout = this.wanted(description, what) as Pointer | null;
    const bytes = layout === null ? 0 : this.bytesOf(layout);
    return bytes === 0 ? undefined : { layout: layout!, bytes };
  }

  /** What oneDNN calls the code that will run: `ref:any` and its like are plain loops. */
  implementation(description: Pointer): string {
    const answer = new BigInt64Array(1);
    const { koffi } = this.native;
    const types = [object, 'int', 'int', object] as const;
    this.native.call('dnnl_primitive_desc_query', types, [description, query.implementation, 0, koffi.address(answer)]);
    return koffi.decode.string(answer[0]);
  }

  /** Attributes of a primitive with post-operations, in their order. */
  attributes(operations: readonly PostOperation[]): Pointer {
    const attributes = this.make('primitive_attr', 'dnnl_primitive_attr_create', [], []);
    this.native.call('dnnl_primitive_attr_set_scratchpad_mode', [object, 'int'], [attributes, 1]);
    if (operations.length === 0) return attributes;
    const list = this.make('post_ops', 'dnnl_post_ops_create', [], []);
    for (const operation of operations) {
      if ('operand' in operation) {
        const { kind, operand } = operation;
        this.native.call('dnnl_post_ops_append_binary', [object, 'int', object], [list, kind, operand]);
      } else {
        const { kind, alpha, beta } = operation;
        const types = [object, 'int', 'float', 'float'] as const;
        this.native.call('dnnl_post_ops_append_eltwise', types, [list, kind, alpha, beta]);
      }
    }
    this.native.call('dnnl_primitive_attr_set_post_ops', [object, object], [attributes, list]);
    return attributes;
  }

  /** Destroys everything, the last first. */
  release(): void {
    for (const [kind, made] of this.#made.splice(0).reverse()) {
      this.native.plain(`dnnl_${kind}_destroy`, 'int', [object])(made);
    }
  }
}

/** Whole numbers as oneDNN takes lists of them. */
export function int64s(numbers: readonly number[]): BigInt64Array {
  return BigInt64Array.from(numbers, BigInt);
}
