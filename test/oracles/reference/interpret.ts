import type { Graph, Node, OperatorNode, Value } from '../../../src/graph/builder/graph.ts';
import { constantOf } from '../../../src/graph/builder/value.ts';
import { neededParts } from '../../../src/graph/export/needed.ts';
import { isFloating } from '../../../src/graph/tensor/element-type.ts';
import { formatShape } from '../../../src/graph/tensor/shape.ts';
import { copyTensor, type Tensor } from '../../../src/graph/tensor/tensor.ts';
import { applyReference } from './apply-reference.ts';
import { toFloats } from './cast.ts';

/**
 * Computes outputs of a graph in float64, whatever floating type its values are declared as: the oracle that gradient
 * rules and engines are compared with. Every operator is a plain loop, so it is meant for small tensors.
 *
 * @param feeds the graph's inputs by name; float32 and float64 may stand for each other. An input that the outputs do not
 * need may be left out.
 * @param outputs the names of the outputs to compute; all of them, if left out.
 * @returns the outputs by name, floating ones as float64, each over memory of its own.
 * @throws if an output or a feed is not the graph's, an input is missing or of another type or shape, a node is of a
 * foreign operator, or a result has not the type and shape that the graph says; each names what it is about.
 */
export function interpret(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  outputs: readonly string[] = [...graph.outputs.keys()],
): Record<string, Tensor> {
  const results = interpretValues(
    graph,
    feeds,
    outputs.map((name) => outputOf(graph, name)),
  );
  return Object.fromEntries(outputs.map((name, index) => [name, results[index]]));
}

/** The same for any values of a graph, in the order asked for. */
export function interpretValues(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  values: readonly Value[],
): Tensor[] {
  for (const name of Object.keys(feeds)) {
    if (!graph.inputs.some((input) => input.name === name)) {
      throw new Error(
        `the graph has no input '${name}'; it has: ${graph.inputs.map((x) => x.name).join(', ') || 'none'}`,
      );
    }
  }
  const needed = neededParts(graph, values);
  const lengths = new Map<string, number>();
  const known = new Map<Value, Tensor>();
  for (const value of [...needed.inputs, ...needed.constants]) {
    const tensor = constantOf(value) ?? fed(value, feeds);
    known.set(value, checked(isFloating(tensor.type) ? toFloats(tensor) : tensor, value, lengths));
  }
  for (const node of needed.nodes) {
    const results = explaining(node, () => computed(node, known));
    for (const [index, output] of node.outputs.entries()) {
      const result = explaining(node, () => checked(results[index], output, lengths));
      known.set(output, result);
    }
  }
  return values.map((value) => copyTensor(known.get(value)!));
}

function outputOf(graph: Graph, name: string): Value {
  const value = graph.outputs.get(name);
  if (value !== undefined) return value;
  throw new Error(`the graph has no output '${name}'; it has: ${[...graph.outputs.keys()].join(', ') || 'none'}`);
}

function fed(input: Value, feeds: Readonly<Record<string, Tensor>>): Tensor {
  const tensor = feeds[input.name];
  if (tensor !== undefined) return tensor;
  throw new Error(
    `the graph needs its input '${input.name}' (${input.type}${formatShape(input.shape)}); it was not fed`,
  );
}

function computed(node: Node, known: ReadonlyMap<Value, Tensor>): readonly Tensor[] {
  if (node.kind === 'opaque') throw new Error(`the reference knows no operator '${node.op}': it cannot be interpreted`);
  return applyReference(contextOf(node, known));
}

function contextOf(node: OperatorNode, known: ReadonlyMap<Value, Tensor>) {
  return {
    op: node.op,
    inputs: node.inputs.map((input) => input && known.get(input)),
    attributes: node.attributes,
    outputCount: node.outputs.length,
  };
}

/**
 * The tensor itself, once it is seen to have the value's type and shape; a named length must be the same throughout the
 * graph.
 */
function checked(tensor: Tensor, value: Value, lengths: Map<string, number>): Tensor {
  const sameType = isFloating(value.type) ? tensor.type === 'float64' : tensor.type === value.type;
  const fits =
    value.shape.length === tensor.shape.length &&
    value.shape.every((length, axis) => {
      if (typeof length === 'number') return length === tensor.shape[axis];
      if (!lengths.has(length)) lengths.set(length, tensor.shape[axis]);
      return lengths.get(length) === tensor.shape[axis];
    });
  if (sameType && fits) return tensor;
  const names = value.shape.filter((length) => typeof length === 'string' && lengths.has(length));
  const where = names.map((name) => `, ${name} being ${lengths.get(`${name}`)}`).join('');
  throw new Error(
    `'${value.name}' is ${value.type}${formatShape(value.shape)} in the graph${where}, but got ` +
      `${tensor.type}${formatShape(tensor.shape)}`,
  );
}

function explaining<T>(node: Node, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`node '${node.name}' (${node.op}): ${(error as Error).message}`, { cause: error });
  }
}
