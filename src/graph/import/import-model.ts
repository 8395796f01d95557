import { type OptionRules, objectWith, optional, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Graph, Value } from '../builder/graph.ts';
import { type DecodedModel, decodeModel } from '../onnx/decode-model.ts';
import { FileReader, type ImportOptions } from './file-reader.ts';
import { UnreadInputError } from './file-values.ts';

/** A node of a file that is not in the graph, because it, or something that it follows, cannot be read. */
export interface UnreadNode {
  readonly name: string;
  readonly op: string;
  /** Why: of itself, or of the first node before it that cannot be read. The message names that node. */
  readonly reason: string;
  /** True if the node itself could be read if what it follows could. */
  readonly follows: boolean;
  /** What it reads: values of the graph, and names of values that are not in it. */
  readonly inputs: readonly (Value | string)[];
  readonly outputs: readonly string[];
  /** How many nodes of the graph stand before it. */
  readonly place: number;
}

/** As much of a file as can be read. */
export interface ReadableGraph {
  /** The nodes that can be read; its outputs are those of the file that they compute, which may be none. */
  readonly graph: Graph;
  /** The others, in the file's order. */
  readonly unread: readonly UnreadNode[];
}

const fileBytes = valueLike<Uint8Array>(
  'the bytes of an ONNX file',
  ArrayBuffer.isView,
  'await readFile(path) gives them',
);

const importRules: OptionRules<ImportOptions> = {
  lengths: optional(objectWith('an object with a number for each name of an axis', [])),
  openBatch: optional(objectWith('an axis to open', [])),
};

/**
 * The graph of an ONNX file of opset 7 to 28, in the operators of our set and opset. Functions of the file's own are written out; initializers and Constant nodes become
 * constants, inputs and outputs keep their names, half-precision numbers become float32, metadata properties are kept. A
 * node whose operator, or whose way of using it, is not of our set is kept as it is (see `Graph.applyOpaque`), for which the
 * file must say the types of its outputs.
 *
 * @throws if the bytes are not an ONNX file or are damaged, the opset is not accepted, tensors are in other files, or a node
 * cannot be read; the message names the place and what to do.
 */
export function importModel(bytes: Uint8Array, options: ImportOptions = {}): Graph {
  checkArgument(bytes, fileBytes, 'bytes');
  checkOptions(options, importRules);
  return importDecoded(decodeModel(bytes), options);
}

/** As `importModel`, of a file that is decoded already. */
export function importDecoded(model: DecodedModel, options: ImportOptions = {}): Graph {
  const reader = new FileReader(model, options, (_, error) => {
    throw error;
  });
  reader.read();
  if (reader.graph.outputs.size === 0) throw new GraphError('the model has no outputs');
  return reader.graph;
}

/**
 * As `importModel`, but what cannot be read is left out, with everything that follows from it: for who cuts a network, only
 * what lies before the cut matters.
 *
 * @throws if the opset is not accepted, or an input of the file is no tensor of a type that we have.
 */
export function importReadable(model: DecodedModel, options: ImportOptions = {}): ReadableGraph {
  const unread: UnreadNode[] = [];
  const reader = new FileReader(model, options, ({ names, node }, error) => {
    const reason = (error as Error).message;
    for (const name of names) reader.values.leaveOut(name, reason);
    if (node === undefined) return;
    unread.push({
      name: node.name || node.opType,
      op: node.opType,
      reason,
      follows: error instanceof UnreadInputError,
      inputs: node.input.flatMap((name) => (name === '' ? [] : [reader.values.find(name) ?? name])),
      outputs: names,
      place: reader.graph.nodes.length,
    });
  });
  reader.read();
  return { graph: reader.graph, unread };
}
