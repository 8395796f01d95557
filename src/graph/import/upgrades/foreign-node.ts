import { GraphError } from '../../../foundation/errors/graph-error.ts';
import type { Graph, Value } from '../../builder/graph.ts';
import type { AttributeProto } from '../../onnx/onnx_pb.ts';
import type { Element } from '../element-rules.ts';

/** A node of a file on its way into a graph: its inputs are values already, its attributes still the file's. */
export interface ForeignNode {
  /** For messages: `node 'relu1' (Relu)`. */
  readonly what: string;
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  /** Names of the outputs; `''` for one that is not asked for. */
  readonly outputs: readonly string[];
}

/** What an upgrade may ask of the file and the graph. */
export interface UpgradeContext {
  readonly graph: Graph;
  /** The version of the node's operator set. */
  readonly opset: number;
  /** True if something in the file reads the value. */
  isUsed(name: string): boolean;
  /** The elements of a short value as far as they are known without running the graph. */
  elementsOf(value: Value): readonly Element[] | undefined;
}

/** Says the same in the words of our opset: another node, or the outputs of nodes that it has added to the graph. */
export type Rewrite = (node: ForeignNode, context: UpgradeContext) => ForeignNode | readonly Value[];

/** Thrown where a node's operator is of our set but the node uses it in a way that our set does not have. */
export class OutsideSetError extends GraphError {}

/** Input 0, which every operator that needs upgrading has. */
export function dataInput(node: ForeignNode): Value {
  const [data] = node.inputs;
  if (data === undefined) throw new GraphError(`${node.what} lacks its first input`);
  return data;
}

/** The node with another input at `index`. */
export function withInput(node: ForeignNode, index: number, value: Value | undefined): ForeignNode {
  const inputs = Array.from({ length: Math.max(node.inputs.length, index + 1) }, (_, i) => node.inputs[i]);
  inputs[index] = value;
  return { ...node, inputs };
}

/** The node with some attributes set, replacing those it has by the same name. */
export function withAttributes(node: ForeignNode, ...attributes: readonly AttributeProto[]): ForeignNode {
  return {
    ...node,
    attributes: new Map([...node.attributes, ...attributes.map((each) => [each.name, each] as const)]),
  };
}

/** The node without some attributes. */
export function withoutAttributes(node: ForeignNode, ...names: readonly string[]): ForeignNode {
  return { ...node, attributes: new Map([...node.attributes].filter(([name]) => !names.includes(name))) };
}
