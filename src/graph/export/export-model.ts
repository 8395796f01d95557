import { create, fromBinary } from '@bufbuild/protobuf';
import { flag, type OptionRules, oneOf, optional, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Graph, Node, OperatorNode } from '../builder/graph.ts';
import { constantOf } from '../builder/value.ts';
import { lowerGradients } from '../lowering/lower-gradients.ts';
import { encodeAttribute, encodeAttributes } from '../onnx/encode-attribute.ts';
import { encodeModel } from '../onnx/encode-model.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from '../onnx/onnx_pb.ts';
import { valueInfo } from '../onnx/value-info.ts';
import { domainOf } from '../operators/operator.ts';
import { emittedIrVersion } from '../operators/opset.ts';
import { type FileNames, fileNames } from './file-names.ts';
import { fileOpsets } from './file-opsets.ts';
import { neededParts } from './needed.ts';

/** What goes into a file besides the graph. */
export interface ExportOptions {
  /** The graph's name in the file. Default: `graph`. */
  readonly name?: string;
  /**
   * Lists the nodes from last to first, for an engine that takes them in any order and starts at the end of the list.
   * Default: no, for ONNX wants a node's inputs before the node.
   */
  readonly lastNodeFirst?: boolean;
  /**
   * Gradients as operators that ONNX has (`lowered`, default), see `lowerGradients`, or under their own names in the domain
   * `lookalike`, which `importModel` reads and no other runtime knows.
   */
  readonly gradients?: 'lowered' | 'named';
}

const exportRules: OptionRules<ExportOptions> = {
  name: optional(valueLike('a text', (value) => typeof value === 'string')),
  lastNodeFirst: optional(flag()),
  gradients: optional(oneOf(['lowered', 'named'])),
};

/**
 * A graph as the bytes of an ONNX file: IR 9, opset 18, or 20 where an operator is of that set. Only what the outputs need
 * goes in, so an input that nothing needs is not an input of the file. The graph's metadata become metadata properties; the
 * same graph always gives the same bytes.
 *
 * @throws if the graph has no outputs, an output has the name of another input, two foreign nodes need different versions of
 * a domain, or the file would be larger than 2 GiB.
 */
export function exportModel(built: Graph, options: ExportOptions = {}): Uint8Array {
  checkOptions(options, exportRules);
  const graph = options.gradients === 'named' ? built : lowerGradients(built);
  if (graph.outputs.size === 0)
    throw new GraphError('a graph without outputs computes nothing: name one with graph.output');
  const parts = neededParts(graph);
  const names = fileNames(graph, parts);
  const opsets = fileOpsets(parts.nodes);
  const inner = parts.nodes
    .flatMap((node) => node.outputs)
    .filter((value) => !graph.outputs.has(names.values.get(value)!));

  const nodes = [...parts.nodes.map((node) => nodeProto(node, names, opsets)), ...copyNodes(names)];
  if (options.lastNodeFirst) nodes.reverse();

  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: BigInt(emittedIrVersion),
      producerName: 'lookalike',
      opsetImport: [...opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
      metadataProps: [...graph.metadata].map(([key, value]) => ({ key, value })),
    }),
    create(GraphProtoSchema, {
      name: options.name ?? 'graph',
      node: nodes,
      input: parts.inputs.map((value) => valueInfo(value.name, value.type, value.shape)),
      output: [...graph.outputs].map(([name, value]) => valueInfo(name, value.type, value.shape)),
      valueInfo: inner.map((value) => valueInfo(names.values.get(value)!, value.type, value.shape)),
    }),
    parts.constants.map((value) => ({ name: names.values.get(value)!, tensor: constantOf(value)! })),
  );
}

function nodeProto(node: Node, names: FileNames, opsets: ReadonlyMap<string, number>): NodeProto {
  const domain = node.kind === 'operator' ? domainOf(node.op) : node.domain;
  return create(NodeProtoSchema, {
    name: names.nodes.get(node)!,
    opType: node.op,
    ...(domain === '' ? {} : { domain }),
    // An empty name stands for an optional input that is not given; at the end none is needed.
    input: node.inputs
      .slice(0, node.inputs.findLastIndex((value) => value !== undefined) + 1)
      .map((value) => (value === undefined ? '' : names.values.get(value)!)),
    output: node.outputs.map((value) => names.values.get(value)!),
    attribute:
      node.kind === 'operator'
        ? operatorAttributes(node, opsets.get('')!)
        : node.attributes.map((bytes) => fromBinary(AttributeProtoSchema, bytes)),
  });
}

/** GridSample's interpolations were called bilinear and bicubic until opset 20 made them linear and cubic. */
function operatorAttributes(node: OperatorNode, opset: number): AttributeProto[] {
  const encoded = encodeAttributes(node.op, node.attributes);
  if (node.op !== 'GridSample' || opset >= 20) return encoded;
  const { mode } = (node as OperatorNode<'GridSample'>).attributes;
  const value = mode === 'linear' || mode === 'cubic' ? `bi${mode}` : mode;
  return encoded.map((each) => (each.name === 'mode' ? encodeAttribute('mode', { kind: 'string', value }) : each));
}

function copyNodes(names: FileNames): NodeProto[] {
  return names.copies.map(({ name, node, value }) =>
    create(NodeProtoSchema, { name: node, opType: 'Identity', input: [names.values.get(value)!], output: [name] }),
  );
}
