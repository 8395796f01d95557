import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import type { Graph } from '../../src/graph/builder/graph.ts';
import { exportModel } from '../../src/graph/export/export-model.ts';
import { decodeModel } from '../../src/graph/onnx/decode-model.ts';
import { AttributeProtoSchema, type NodeProto, TensorProtoSchema } from '../../src/graph/onnx/onnx_pb.ts';
import { readValueInfo } from '../../src/graph/onnx/value-info.ts';
import { formatShape } from '../../src/graph/tensor/shape.ts';

const digestOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * What onnxruntime is given of a graph, as text without names: a line a node in the file's order, with operator, attributes,
 * inputs, and the types and shapes of the outputs. Inputs of the graph have their name, values in between a number, constants
 * the digest of their elements. Two graphs of one text give the same bits.
 */
export function exportedText(graph: Graph): string {
  const file = decodeModel(exportModel(graph)).graph;
  const shown = new Map(file.input.map(({ name }) => [name, name]));
  for (const { name, ...constant } of file.initializer) {
    shown.set(name, `constant ${digestOf(toBinary(TensorProtoSchema, { ...constant, name: '' })).slice(0, 12)}`);
  }
  const types = new Map(
    [...file.valueInfo, ...file.output].map((info) => {
      const { type, shape } = readValueInfo(info);
      return [info.name, `${type}${formatShape(shape)}`];
    }),
  );
  let numbers = 0;
  const line = ({ opType, domain, input, output, attribute }: NodeProto): string => {
    for (const name of output) shown.set(name, `#${numbers++}`);
    const attributes = attribute.map(
      (each) => `${each.name}=${Buffer.from(toBinary(AttributeProtoSchema, each)).toString('hex')}`,
    );
    const results = output.map((name) => `${shown.get(name)}: ${types.get(name)}`);
    return `${results.join(', ')} = ${domain}.${opType}(${input.map((name) => shown.get(name)).join(', ')}) {${attributes.join(', ')}}`;
  };
  const results = file.output.map(({ name }) => `${name} = ${shown.get(name)}`);
  return [...file.node.map(line), ...results].join('\n');
}

/** A text's digest, short enough for a table of golden values. */
export const textDigest = (text: string): string => digestOf(text).slice(0, 32);
