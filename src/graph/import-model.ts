import { decodeModel } from '../onnx/decode-model.ts';
import type { NodeProto } from '../onnx/onnx_pb.ts';
import { readTensor } from '../onnx/read-tensor.ts';
import { importedOpsets } from '../operators/opset.ts';
import { constantNodeTensor } from './constant-node.ts';
import { FileValues } from './file-values.ts';
import { Graph } from './graph.ts';
import { importNode } from './import-node.ts';
import { KnownElements } from './known-elements.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';
import type { Value } from './value.ts';

/** How a file is read. */
export interface ImportOptions {
  /**
   * Numbers for axes whose length the file only names. An axis that it leaves open without a name is called after the value
   * and the place: `image.2`.
   */
  readonly lengths?: Readonly<Record<string, number>>;
}

/**
 * The graph of an ONNX file of opset 9 to 22, in the operators of our set and opset. Initializers and Constant nodes become
 * constants, inputs and outputs keep their names, half-precision numbers become float32, metadata properties are kept. A
 * node whose operator, or whose way of using it, is not of our set is kept as it is (see `Graph.applyOpaque`), for which the
 * file must say the types of its outputs.
 *
 * @throws if the bytes are not an ONNX file or are damaged, the opset is not accepted, tensors are in other files, or a node
 * cannot be read; the message names the place and what to do.
 */
export function importModel(bytes: Uint8Array, options: ImportOptions = {}): Graph {
  const model = decodeModel(bytes);
  const file = model.graph;
  const opsets = new Map(model.opsetImport.map(({ domain, version }) => [ownDomain(domain), Number(version)]));
  checkOpset(opsets.get(''));
  if (file.sparseInitializer.length > 0) throw new Error('the model has sparse initializers, which are not supported');
  const functions = new Set(model.functions.map(({ domain, name }) => `${ownDomain(domain)}.${name}`));

  const graph = new Graph();
  const values = new FileValues(file, options.lengths ?? {});
  const known = new KnownElements();
  for (const { key, value } of model.metadataProps) graph.metadata.set(key, value);

  const initialized = new Set(file.initializer.map(({ name }) => name));
  for (const info of file.input) {
    if (initialized.has(info.name)) continue;
    const { type, shape } = values.typeOf(info);
    values.define(info.name, graph.input(info.name, type, shape));
  }
  for (const proto of file.initializer) {
    values.define(proto.name, graph.constant(readTensor(proto, `initializer '${proto.name}'`), proto.name));
  }
  for (const proto of file.node) {
    const node = foreignNode(proto, values);
    if (node.outputs.length === 0) continue;
    if (functions.has(`${node.domain}.${node.op}`)) {
      throw new Error(
        `${node.what} calls a function of the model's own, which is not supported: inline its functions first`,
      );
    }
    if (node.domain === '' && node.op === 'Constant') {
      const name = node.outputs[0];
      values.define(name, graph.constant(constantNodeTensor(node), name));
      continue;
    }
    const opset = opsets.get(node.domain);
    if (opset === undefined)
      throw new Error(`${node.what}: the file does not say which version of '${node.domain}' it uses`);
    const outputs = importNode(node, { graph, known, described: values, opset, isUsed: (name) => values.isUsed(name) });
    for (const [index, name] of node.outputs.entries()) if (name !== '') values.define(name, outputs[index]);
  }
  for (const { name } of file.output) graph.output(name, values.of(name, 'the graph'));
  if (graph.outputs.size === 0) throw new Error('the model has no outputs');
  return graph;
}

/** ONNX's own domain has two spellings. */
function ownDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function checkOpset(opset: number | undefined): void {
  const { oldest, newest } = importedOpsets;
  if (opset === undefined) throw new Error("the model does not say which version of ONNX's operator set it uses");
  if (opset >= oldest && opset <= newest) return;
  throw new Error(
    `the model uses opset ${opset}, but ${oldest} to ${newest} are accepted: convert it with onnx.version_converter or ` +
      'export it for one of those',
  );
}

function foreignNode(proto: NodeProto, values: FileValues): ForeignNode {
  const name = proto.name || proto.opType;
  const what = `node '${name}' (${proto.opType})`;
  const inputs: (Value | undefined)[] = proto.input.map((input) => (input === '' ? undefined : values.of(input, what)));
  return {
    what,
    name,
    op: proto.opType,
    domain: ownDomain(proto.domain),
    inputs: inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1),
    outputs: proto.output.slice(0, proto.output.findLastIndex((output) => output !== '') + 1),
    attributes: new Map(proto.attribute.map((attribute) => [attribute.name, attribute])),
  };
}
