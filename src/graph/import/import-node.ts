import type { Graph, Value } from '../builder/graph.ts';
import { producerOf } from '../builder/value.ts';
import { readAttributes, unknownAttributes } from '../onnx/read-attribute.ts';
import { domainOf, isOperatorName, type OperatorName } from '../operators/operator.ts';
import type { ValueType } from '../shape-inference/rule.ts';
import { broadcastShapes } from '../tensor/broadcast.ts';
import type { Dimension } from '../tensor/shape.ts';
import type { BatchAxis } from './batch-axis.ts';
import { withConstantInputs } from './constant-inputs.ts';
import type { Element } from './element-rules.ts';
import { foldedNode } from './folded-node.ts';
import { type DescribedValues, importOpaque } from './import-opaque.ts';
import type { KnownElements } from './known-elements.ts';
import { keptType } from './shape-keeping.ts';
import { type ForeignNode, OutsideSetError } from './upgrades/foreign-node.ts';
import { upgradeNode } from './upgrades/upgrade-node.ts';

/** Where a node goes and what is known when it is read. */
export interface NodeContext {
  readonly graph: Graph;
  readonly known: KnownElements;
  readonly described: DescribedValues;
  /** The batch axis, where the file has a number for it that is opened. */
  readonly batch: BatchAxis | undefined;
  /** The version of the node's operator domain. */
  readonly opset: number;
  isUsed(name: string): boolean;
}

/**
 * Adds a node of a file to the graph: upgraded to our operator set if its operator is of it, else as an opaque node.
 *
 * @throws if it fits neither way; the message names the node.
 */
export function importNode(node: ForeignNode, context: NodeContext): readonly Value[] {
  const { graph, opset, batch } = context;
  try {
    return importKnown(node, context);
  } catch (error) {
    if (!(error instanceof OutsideSetError)) throw error;
    const folded = foldedNode(node, context.known);
    if (folded !== undefined) return [graph.constant(folded, node.outputs[0])];
    const types = keptType(node) ?? namedTypes(node, context.known);
    const outputs = importOpaque(graph, node, opset, describedFor(node, context), error.message, types);
    followOpened(outputs, batch);
    return outputs;
  }
}

/**
 * The output of an Expand whose shape is known but for the names of axes: what a class token repeated for each picture of an
 * open batch becomes. Undefined for anything else.
 */
function namedTypes({ op, domain, inputs }: ForeignNode, known: KnownElements): ValueType[] | undefined {
  const [data, shape] = inputs;
  const lengths = shape && known.of(shape);
  if (op !== 'Expand' || domain !== '' || data === undefined || lengths === undefined) return undefined;
  if (!lengths.every(isLength)) return undefined;
  try {
    return [{ type: data.type, shape: broadcastShapes(data.shape, lengths) }];
  } catch {
    return undefined;
  }
}

function isLength(length: Element): length is Dimension {
  return typeof length === 'string' || (Number.isSafeInteger(length) && Number(length) > 0);
}

/** What the file says of a node's outputs; with an opened batch where its inputs have one. */
function describedFor({ inputs }: ForeignNode, { described, batch }: NodeContext): DescribedValues {
  if (batch === undefined || !inputs.some((input) => input !== undefined && batch.carries(input))) return described;
  return {
    infoOf: (name) => described.infoOf(name),
    typeOf: (info) => batch.openedType(described.typeOf(info)),
  };
}

function followOpened(outputs: readonly Value[], batch: BatchAxis | undefined): void {
  const nodes = new Set(outputs.flatMap((output) => producerOf(output) ?? []));
  for (const node of nodes) batch?.follow(node);
}

function importKnown(node: ForeignNode, { graph, known, opset, isUsed, batch }: NodeContext): readonly Value[] {
  const upgraded =
    node.domain === '' ? upgradeNode(node, { graph, opset, isUsed, elementsOf: (value) => known.of(value) }) : node;
  const outputs = 'op' in upgraded ? applyKnown(ofOurSet(upgraded), graph, known, batch) : upgraded;
  for (const value of outputs) {
    const producer = producerOf(value);
    if (producer?.kind === 'operator') known.learn(producer);
  }
  followOpened(outputs, batch);
  return outputs;
}

function applyKnown(
  node: ForeignNode & { readonly op: OperatorName },
  graph: Graph,
  known: KnownElements,
  batch: BatchAxis | undefined,
): Value[] {
  const unknown = unknownAttributes(node.op, node.attributes);
  if (unknown.length > 0) throw new OutsideSetError(`its attribute '${unknown[0]}' is not of our set`);
  const shape = node.inputs[1];
  const opened = { ...node, ...batch?.opened(node, shape && known.of(shape)), op: node.op };
  const { inputs, attributes } = withConstantInputs(opened, known);
  return graph.apply(node.op, inputs, readAttributes(node.op, attributes, node.what), {
    name: node.name,
    outputs: node.outputs.length,
    outputNames: node.outputs,
  });
}

function ofOurSet(node: ForeignNode): ForeignNode & { readonly op: OperatorName } {
  const { op } = node;
  if (isOperatorName(op) && domainOf(op) === node.domain) return { ...node, op };
  throw new OutsideSetError(`${node.domain === '' ? op : `${node.domain}.${op}`} is not an operator of our set`);
}
