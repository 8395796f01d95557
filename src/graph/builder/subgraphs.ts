import { fromBinary } from '@bufbuild/protobuf';
import { type AttributeProto, AttributeProtoSchema, type GraphProto, type NodeProto } from '../onnx/onnx_pb.ts';

/** The graphs inside a node's attributes, such as the branches of an If. */
export function subgraphsOf(attributes: Iterable<AttributeProto>): GraphProto[] {
  return [...attributes].flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]));
}

/** All nodes inside attributes that are given as protobuf bytes, at any depth. */
export function innerNodes(attributes: readonly Uint8Array[]): NodeProto[] {
  const pending = subgraphsOf(attributes.map((bytes) => fromBinary(AttributeProtoSchema, bytes)));
  const nodes: NodeProto[] = [];
  for (const graph of pending) {
    nodes.push(...graph.node);
    for (const { attribute } of graph.node) pending.push(...subgraphsOf(attribute));
  }
  return nodes;
}

/** A name that subgraphs read without computing it: a value of the graph around them. */
export function capturedName(
  graphs: readonly GraphProto[],
  outer: ReadonlySet<string> = new Set(),
): string | undefined {
  for (const graph of graphs) {
    const bound = new Set(['', ...outer, ...[...graph.input, ...graph.initializer].map(({ name }) => name)]);
    for (const node of graph.node) {
      const unbound = node.input.find((name) => !bound.has(name)) ?? capturedName(subgraphsOf(node.attribute), bound);
      if (unbound !== undefined) return unbound;
      for (const name of node.output) bound.add(name);
    }
    const unbound = graph.output.find(({ name }) => !bound.has(name));
    if (unbound !== undefined) return unbound.name;
  }
  return undefined;
}
