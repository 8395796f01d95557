import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Value } from '../builder/graph.ts';
import type { GraphProto, ValueInfoProto } from '../onnx/onnx_pb.ts';
import { readValueInfo } from '../onnx/value-info.ts';
import type { ValueType } from '../shape-inference/rule.ts';
import type { Dimension } from '../tensor/shape.ts';
import type { DescribedValues } from './import-opaque.ts';

/** Thrown where a node uses a value that could not be read; the message is why that one could not. */
export class UnreadInputError extends GraphError {}

/** The values of a file by name: what the file says of them, and what they are in the graph that is being made. */
export class FileValues implements DescribedValues {
  readonly #values = new Map<string, Value>();
  readonly #unread = new Map<string, string>();
  readonly #described: ReadonlyMap<string, ValueInfoProto>;
  readonly #used: ReadonlySet<string>;
  readonly #lengths: ReadonlyMap<Dimension, number>;

  /** @throws if `lengths` has a name that no input of the file has. */
  constructor(file: GraphProto, lengths: Readonly<Record<string, number>>) {
    this.#described = new Map([...file.input, ...file.valueInfo, ...file.output].map((info) => [info.name, info]));
    this.#used = new Set([...file.node.flatMap((node) => node.input), ...file.output.map(({ name }) => name)]);
    this.#lengths = new Map(Object.entries(lengths));
    if (Object.keys(lengths).length > 0) checkLengths(file.input, lengths);
  }

  /** @throws if the file has a value of that name already. */
  define(name: string, value: Value): void {
    if (this.#values.has(name)) throw new GraphError(`the model has two values named '${name}'`);
    this.#values.set(name, value);
  }

  /** Says that a value of the file could not be read, and why: nodes that use it cannot be either. */
  leaveOut(name: string, reason: string): void {
    if (!this.#values.has(name)) this.#unread.set(name, reason);
  }

  /** The value of that name, or undefined if there is none so far. */
  find(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** @throws if there is no value of that name so far, or it could not be read; `what` names who asks. */
  of(name: string, what: string): Value {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    const reason = this.#unread.get(name);
    if (reason !== undefined) throw new UnreadInputError(reason);
    throw new GraphError(`${what} uses the value '${name}', but nothing before it in the file computes it`);
  }

  isUsed(name: string): boolean {
    return this.#used.has(name);
  }

  infoOf(name: string): ValueInfoProto | undefined {
    return this.#described.get(name);
  }

  /** Type and shape as described, with numbers for the lengths that were given some. */
  typeOf(info: ValueInfoProto): ValueType {
    const { type, shape } = readValueInfo(info);
    return { type, shape: shape.map((length) => this.#lengths.get(length) ?? length) };
  }
}

function checkLengths(inputs: readonly ValueInfoProto[], lengths: Readonly<Record<string, number>>): void {
  const names = new Set(
    inputs.flatMap((info) => readValueInfo(info).shape.filter((length) => typeof length === 'string')),
  );
  for (const [name, length] of Object.entries(lengths)) {
    if (!names.has(name)) {
      throw new GraphError(`no axis of an input is called '${name}'; open are: ${[...names].join(', ') || 'none'}`);
    }
    if (!Number.isSafeInteger(length) || length < 1)
      throw new GraphError(`the length of '${name}' cannot be ${length}`);
  }
}
