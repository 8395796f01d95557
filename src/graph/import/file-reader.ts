import { GraphError } from '../../foundation/errors/graph-error.ts';
import { Graph, type Value } from '../builder/graph.ts';
import type { DecodedModel } from '../onnx/decode-model.ts';
import type { NodeProto, TensorProto, ValueInfoProto } from '../onnx/onnx_pb.ts';
import { readSparseTensor } from '../onnx/read-sparse-tensor.ts';
import { readTensor } from '../onnx/read-tensor.ts';
import { importedOpsets } from '../operators/opset.ts';
import { timesLengths } from '../tensor/length-product.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { BatchAxis, type OpenedBatch } from './batch-axis.ts';
import { computedFirst } from './computed-first.ts';
import { constantNodeTensor } from './constant-node.ts';
import { FileValues } from './file-values.ts';
import { importNode } from './import-node.ts';
import { type FileNode, inlinedNodes, ownDomain } from './inlined-functions.ts';
import { KnownElements } from './known-elements.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';

/** How a file is read. */
export interface ImportOptions {
  /**
   * Numbers for axes whose length the file only names. An axis that it leaves open without a name is called after the value
   * and the place: `image.2`.
   */
  readonly lengths?: Readonly<Record<string, number>>;
  /** An axis for which the file has a number, and which is to be open. Default: none. */
  readonly openBatch?: OpenedBatch | undefined;
}

/** A part of a file that cannot be read: an initializer, a node, or an output. */
export interface UnreadPart {
  /** Names of the values that are missing without it. */
  readonly names: readonly string[];
  /** The node, if it is one. */
  readonly node?: NodeProto;
}

/** Takes the parts of a file into a graph, one after the other. */
export class FileReader {
  readonly graph = new Graph();
  readonly values: FileValues;
  readonly #known = new KnownElements();
  readonly #model: DecodedModel;
  readonly #batch: BatchAxis | undefined;
  readonly #opened: OpenedBatch | undefined;
  readonly #nodes: readonly FileNode[];
  readonly #onUnread: (part: UnreadPart, error: unknown) => void;

  /**
   * @param options see `ImportOptions`.
   * @param onUnread is told of each part that cannot be read, and why; what it throws ends the reading.
   * @throws if the opset is not accepted, or as `inlinedNodes` and `FileValues` do.
   */
  constructor(
    model: DecodedModel,
    { lengths = {}, openBatch }: ImportOptions,
    onUnread: (part: UnreadPart, error: unknown) => void,
  ) {
    this.#model = model;
    this.#nodes = computedFirst(inlinedNodes(model));
    this.values = new FileValues({ ...model.graph, node: this.#nodes.map(({ proto }) => proto) }, lengths);
    this.#opened = openBatch;
    this.#batch = openBatch && new BatchAxis(openBatch);
    this.#onUnread = onUnread;
    checkOpset(model.opsetImport.find(({ domain }) => ownDomain(domain) === '')?.version);
  }

  /** @throws if an input of the file is no tensor of a type that we have, or what `onUnread` throws. */
  read(): void {
    const { graph: file, metadataProps } = this.#model;
    for (const { key, value } of metadataProps) this.graph.metadata.set(key, value);
    const initialized = new Set(
      [...file.initializer, ...file.sparseInitializer.map(({ values }) => values)].map((tensor) => tensor?.name),
    );
    for (const info of file.input) if (!initialized.has(info.name)) this.#readInput(info);
    for (const proto of file.sparseInitializer) {
      const name = proto.values?.name ?? '';
      this.#attempt({ names: [name] }, () =>
        this.#define(name, readSparseTensor(proto, `sparse initializer '${name}'`)),
      );
    }
    for (const proto of file.initializer) this.#attempt({ names: [proto.name] }, () => this.#readInitializer(proto));
    for (const node of this.#nodes) {
      const names = node.proto.output.filter((name) => name !== '');
      this.#attempt({ names, node: node.proto }, () => this.#readNode(node));
    }
    for (const { name } of file.output) {
      this.#attempt({ names: [] }, () => this.graph.output(name, this.values.of(name, 'the graph')));
    }
  }

  #attempt(part: UnreadPart, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#onUnread(part, error);
    }
  }

  #readInput(info: ValueInfoProto): void {
    const { type, shape } = this.values.typeOf(info);
    const opened = this.#opened?.input === info.name ? [this.#opened.name, ...shape.slice(1)] : shape;
    this.values.define(info.name, this.graph.input(info.name, type, opened));
  }

  #readInitializer(proto: TensorProto): void {
    this.#define(proto.name, readTensor(proto, `initializer '${proto.name}'`));
  }

  #define(name: string, tensor: Tensor): void {
    this.values.define(name, this.graph.constant(tensor, name));
  }

  #readNode({ proto, opsets }: FileNode): void {
    const { graph, values } = this;
    const node = foreignNode(proto, values);
    if (node.outputs.length === 0) return;
    if (node.domain === '' && node.op === 'Constant') {
      const name = node.outputs[0];
      values.define(name, graph.constant(constantNodeTensor(node), name));
      return;
    }
    const opset = opsets.get(node.domain);
    if (opset === undefined)
      throw new GraphError(`${node.what}: the file does not say which version of '${node.domain}' it uses`);
    // A function may be written in another one than the model.
    if (node.domain === '') checkOpset(opset);
    const isUsed = (name: string) => values.isUsed(name);
    const outputs = importNode(node, {
      graph,
      known: this.#known,
      described: values,
      batch: this.#batch,
      opset,
      isUsed,
    });
    for (const output of outputs) expectFits(output, node.what);
    for (const [index, name] of node.outputs.entries()) if (name !== '') values.define(name, outputs[index]);
  }
}

/** The most elements that one value may have for one picture: 32 GiB of float32. */
const mostElements = 2 ** 33;

/** @throws if the value has more elements than any machine of today would hold; an open batch counts as 1. */
function expectFits({ name, shape }: Value, what: string): void {
  const { factor } = timesLengths(shape);
  if (factor <= mostElements) return;
  throw new GraphError(
    `${what} makes '${name}' of the shape ${formatShape(shape)}, ${factor.toLocaleString('en')} elements, which is more than any memory holds (at most ${mostElements.toLocaleString('en')} are read): the file is damaged, or made to exhaust memory`,
  );
}

function checkOpset(version: number | bigint | undefined): void {
  const opset = version === undefined ? undefined : Number(version);
  const { oldest, newest } = importedOpsets;
  if (opset === undefined) throw new GraphError("the model does not say which version of ONNX's operator set it uses");
  if (opset >= oldest && opset <= newest) return;
  throw new GraphError(
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
