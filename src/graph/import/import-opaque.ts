import { toBinary } from '@bufbuild/protobuf';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Graph, Value } from '../builder/graph.ts';
import { capturedName, subgraphsOf } from '../builder/subgraphs.ts';
import { suitsOpaque } from '../export/file-opsets.ts';
import { isHalf } from '../onnx/element-type-code.ts';
import { AttributeProtoSchema, type ValueInfoProto } from '../onnx/onnx_pb.ts';
import { definedSince } from '../onnx/operator-versions.ts';
import { emittedOpset, emittedOpsetWithAffineGrid } from '../operators/opset.ts';
import type { ValueType } from '../shape-inference/rule.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';

/** What a file says of its values. */
export interface DescribedValues {
  infoOf(name: string): ValueInfoProto | undefined;
  typeOf(info: ValueInfoProto): ValueType;
}

/**
 * Adds a node that is kept as the file has it, because its operator, or its way of using it, is not of our set: `reason`
 * says so for messages. `known` is the types of its outputs, where they follow from the graph; else the file has to say them.
 *
 * @throws if the file does not say the type and shape of an output, the node works on half-precision numbers, it reads
 * values from inside a subgraph, or it means something else in the operator sets that we write.
 */
export function importOpaque(
  graph: Graph,
  node: ForeignNode,
  opset: number,
  described: DescribedValues,
  reason: string,
  known?: readonly ValueType[],
): Value[] {
  const refuse = (why: string) =>
    new GraphError(`${node.what} can only be kept as it is, because ${reason}; but ${why}`);
  const { op, domain, name, inputs } = node;
  const attributes = [...node.attributes.values()].map((attribute) => toBinary(AttributeProtoSchema, attribute));

  const subgraphs = subgraphsOf(node.attributes.values());
  if (domain !== '' && subgraphs.length > 0) throw refuse('it has subgraphs, and is not of ONNX itself');
  const captured = capturedName(subgraphs);
  if (captured !== undefined) {
    throw refuse(`its subgraph reads '${captured}' from the graph around it, which is not supported`);
  }
  const written = [emittedOpset, emittedOpsetWithAffineGrid];
  if (domain === '' && written.every((version) => definedSince(op, version) === undefined)) {
    throw refuse(`the operator sets that can be written (${written.join(' and ')}) have no ${op}`);
  }
  if (!written.some((version) => suitsOpaque({ op, domain, opset, attributes }, version))) {
    throw refuse(
      `it, or a node inside it, is defined differently in the operator sets that can be written ` +
        `(${written.join(' and ')}) than in the file's (${opset})`,
    );
  }

  const outputs = node.outputs.slice(0, node.outputs.findLastIndex((output) => output !== '') + 1);
  const types = outputs.map((output, index) => {
    const own = known?.[index];
    if (own !== undefined) return own;
    const info = described.infoOf(output);
    if (info === undefined) {
      throw refuse(
        `the file does not say the type and shape of its output '${output}' (onnxruntime.tools.symbolic_shape_infer ` +
          'with --auto_merge writes those that it can work out)',
      );
    }
    const tensorType = info.type?.value;
    if (tensorType?.case === 'tensorType' && isHalf(tensorType.value.elemType)) {
      throw refuse('it works in half precision, which is read as float32: convert the model to float32 first');
    }
    try {
      return described.typeOf(info);
    } catch (error) {
      throw refuse((error as Error).message);
    }
  });
  return graph.applyOpaque({ op, domain, opset, name, inputs, attributes }, types, outputs);
}
