import type { Graph, Node, Value } from '../../../graph/builder/graph.ts';
import { rewriteGraph } from '../../../graph/builder/rewrite-graph.ts';
import { neededParts } from '../../../graph/export/needed.ts';
import { bytesPerElement } from '../../../graph/tensor/element-type.ts';
import { isStatic, sizeOf } from '../../../graph/tensor/shape.ts';
import type { Engine } from '../../engine.ts';
import { foreignPart } from '../plan/foreign-part.ts';

/** A result may take so many times the bytes of what it is made of, and so many more: a Cast of bytes takes four times. */
const growth = { times: 8, bytes: 2 ** 16 };

/**
 * A graph whose constant parts are computed: weights that a file keeps in fewer bits, with the Cast, Mul and Reshape behind
 * them, become the constants that they stand for.
 *
 * @param engine computes them, once.
 */
export async function foldConstants(graph: Graph, engine: Engine): Promise<Graph> {
  const { nodes } = neededParts(graph);
  const fixed = fixedNodes(nodes);
  const read = new Set<Value | undefined>(graph.outputs.values());
  for (const node of nodes) if (!fixed.has(node)) for (const value of node.inputs) read.add(value);
  const last = [...fixed].filter(({ outputs }) => outputs.some((value) => read.has(value)));
  if (last.length === 0) return graph;
  const results = last.flatMap(({ outputs }) => outputs.map((value) => [value.name, value] as const));
  const { graph: part } = foreignPart([...fixed], results);
  const program = await engine.compile(part, { name: 'constants' });
  try {
    const made = await program.run({});
    return rewriteGraph(graph, (node, _inputs, target) =>
      last.includes(node) ? node.outputs.map(({ name }) => target.constant(made[name], name)) : undefined,
    );
  } finally {
    await program.release();
  }
}

/** Nodes of known operators that depend on constants alone, and whose results are not much larger than these. */
function fixedNodes(nodes: readonly Node[]): Set<Node> {
  const fixed = new Set<Node>();
  const values = new Set<Value>();
  for (const node of nodes) {
    const inputs = node.inputs.filter((value) => value !== undefined);
    const isFixed =
      node.kind === 'operator' &&
      node.op !== 'Dropout' &&
      inputs.length > 0 &&
      inputs.every((value) => value.origin.kind === 'constant' || values.has(value)) &&
      bytesOf(node.outputs) <= growth.times * bytesOf(inputs) + growth.bytes;
    if (!isFixed) continue;
    fixed.add(node);
    for (const value of node.outputs) values.add(value);
  }
  return fixed;
}

const bytesOf = (values: readonly Value[]): number =>
  values.reduce(
    (sum, { type, shape }) =>
      sum + (isStatic(shape) ? bytesPerElement[type] * sizeOf(shape) : Number.POSITIVE_INFINITY),
    0,
  );
