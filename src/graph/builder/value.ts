import type { OperatorAttributes, OperatorName } from '../operators/operator.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Graph } from './graph.ts';

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

export type Node = OperatorNode | OpaqueNode;

/** The tensor of a constant value, or undefined where the value is not a constant. */
export function constantOf(value: Value | undefined): Tensor | undefined {
  return value?.origin.kind === 'constant' ? value.origin.tensor : undefined;
}

/** The node that computes a value, or undefined for an input or a constant. */
export function producerOf(value: Value): Node | undefined {
  return value.origin.kind === 'node' ? value.origin.node : undefined;
}
