import { GraphError } from '../../foundation/errors/graph-error.ts';
import {
  type AttributesToGive,
  completeAttributes,
  type OperatorAttributes,
  type OperatorName,
  schemaOf,
} from '../operators/operator.ts';
import { inferShapes } from '../shape-inference/infer-shapes.ts';
import type { InputType, ValueType } from '../shape-inference/rule.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { formatShape, type Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkApplication, checkInput, checkOutput, checkTensor } from './graph-rules.ts';

// A value knows its graph and a graph its values: they are one definition, so that no file imports itself through another.

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'input' }
  | { readonly kind: 'constant'; readonly tensor: Tensor }
  | { readonly kind: 'node'; readonly node: Node; readonly index: number };

/** One edge of a graph: numbers that will exist when the graph runs, with their type and shape known now. */
export interface Value {
  readonly graph: Graph;
  /** Unique in its graph; the name the value has in the ONNX file. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  readonly origin: Origin;
}

/** The application of one operator of our set. */
export interface OperatorNode<Op extends OperatorName = OperatorName> {
  readonly kind: 'operator';
  readonly name: string;
  readonly op: Op;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: OperatorAttributes<Op>;
}

/** A node of a foreign graph whose operator is not of our set: kept and run as it is, never differentiated. */
export interface OpaqueNode {
  readonly kind: 'opaque';
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  /** The version of the domain's operator set that the node is written for. Default: 18 for ONNX's own, 1 for others. */
  readonly opset?: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  /** The node's attributes as protobuf bytes, one an attribute. */
  readonly attributes: readonly Uint8Array[];
}

/** A node of a graph: of an operator of our set, or of another. */
export type Node = OperatorNode | OpaqueNode;

/**
 * A graph of operators under construction: inputs, constants and nodes are added, never removed or changed, so the order
 * of `nodes` is one in which they can run. Every value has its type and shape from the moment it exists.
 */
export class Graph {
  readonly #names = new Set<string>();
  readonly #inputs: Value[] = [];
  readonly #constants: Value[] = [];
  readonly #nodes: Node[] = [];
  readonly #outputs = new Map<string, Value>();
  /** Goes into the file's metadata properties. */
  readonly metadata = new Map<string, string>();

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get constants(): readonly Value[] {
    return this.#constants;
  }

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  get outputs(): ReadonlyMap<string, Value> {
    return this.#outputs;
  }

  /** A value that whoever runs the graph provides. The name must be free. */
  input(name: string, type: ElementType, shape: Shape): Value {
    checkInput(name, type, shape);
    const value = this.#value(this.#claim(name), type, shape, { kind: 'input' });
    this.#inputs.push(value);
    return value;
  }

  /** A value known now; it is written into the file. A taken `name` gets a number behind it. */
  constant(tensor: Tensor, name = 'constant'): Value {
    checkTensor(tensor);
    const value = this.#value(this.#freeName(name), tensor.type, tensor.shape, { kind: 'constant', tensor });
    this.#constants.push(value);
    return value;
  }

  /**
   * Adds one operator and returns its outputs, one unless `outputs` asks for more. `outputNames` gives them names, where
   * free, instead of the node's with `.out` behind it.
   *
   * @throws if an input is missing or of another graph, an attribute is unknown or missing, or the shapes do not fit; the
   * message names the node and the inputs' shapes.
   */
  apply<Op extends OperatorName>(
    op: Op,
    inputs: readonly (Value | undefined)[],
    attributes: AttributesToGive<Op>,
    options: { readonly name?: string; readonly outputs?: number; readonly outputNames?: readonly string[] } = {},
  ): Value[] {
    checkApplication(op, inputs);
    const name = this.#freeName(options.name ?? op);
    const outputCount = options.outputs ?? 1;
    const complete = this.#explaining(name, op, inputs, () => {
      checkInputs(this, op, inputs);
      return completeAttributes(op, attributes);
    });
    const types = this.#explaining(name, op, inputs, () =>
      inferShapes({
        op,
        inputs: inputs.map((value) => value && inputType(value)),
        attributes: complete,
        outputCount,
      }),
    );
    const outputs: Value[] = [];
    const node: OperatorNode<Op> = { kind: 'operator', name, op, inputs, outputs, attributes: complete };
    return this.#append(node as OperatorNode, outputs, types, options.outputNames);
  }

  /** Adds a foreign operator as it is. Its outputs' types and shapes must be told, for nothing here can infer them. */
  applyOpaque(
    node: Omit<OpaqueNode, 'kind' | 'outputs' | 'name'> & { name?: string },
    types: readonly ValueType[],
    outputNames?: readonly string[],
  ): Value[] {
    const outputs: Value[] = [];
    const name = this.#freeName(node.name ?? node.op);
    return this.#append({ ...node, kind: 'opaque', name, outputs }, outputs, types, outputNames);
  }

  /** Makes a value an output of the graph, under `name`. */
  output(name: string, value: Value): void {
    checkOutput(name, value);
    if (this.#outputs.has(name)) throw new GraphError(`the graph has an output '${name}' already`);
    if (value.graph !== this) throw new GraphError(`output '${name}' is a value of another graph`);
    this.#outputs.set(name, value);
  }

  #append(node: Node, outputs: Value[], types: readonly ValueType[], names: readonly string[] = []): Value[] {
    for (const [index, { type, shape }] of types.entries()) {
      const name = this.#freeName(names[index] || `${node.name}.out${index || ''}`);
      outputs.push(this.#value(name, type, shape, { kind: 'node', node, index }));
    }
    this.#nodes.push(node);
    return outputs;
  }

  #value(name: string, type: ElementType, shape: Shape, origin: Origin): Value {
    return { graph: this, name, type, shape, origin };
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new GraphError(`the name '${name}' is taken in this graph`);
    this.#names.add(name);
    return name;
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let number = this.#names.size; this.#names.has(name); number++) name = `${wanted}_${number}`;
    return this.#claim(name);
  }

  #explaining<T>(name: string, op: string, inputs: readonly (Value | undefined)[], work: () => T): T {
    try {
      return work();
    } catch (error) {
      const shapes = inputs.map((value) => (value ? `${value.name} ${value.type}${formatShape(value.shape)}` : 'none'));
      throw new GraphError(`node '${name}' (${op} of ${shapes.join(', ') || 'nothing'}): ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
}

function inputType({ type, shape, origin }: Value): InputType {
  return { type, shape, constant: origin.kind === 'constant' ? origin.tensor : undefined };
}

function checkInputs(graph: Graph, op: OperatorName, inputs: readonly (Value | undefined)[]): void {
  const names = schemaOf(op).inputs;
  const repeats = names.at(-1)?.endsWith('*') ?? false;
  if (inputs.length > names.length && !repeats) {
    throw new GraphError(`takes at most ${names.length} inputs, got ${inputs.length}`);
  }
  for (const [index, name] of names.entries()) {
    if (!name.endsWith('?') && inputs[index] === undefined)
      throw new GraphError(`input '${name.replace('*', '')}' is missing`);
  }
  for (const value of inputs) {
    if (value !== undefined && value.graph !== graph)
      throw new GraphError(`input '${value.name}' is a value of another graph`);
  }
}
