import type { Graph, Node, OperatorNode, Value } from '../builder/graph.ts';
import { rewriteGraph } from '../builder/rewrite-graph.ts';
import { isGradientOperator, type OperatorAttributes } from '../operators/operator.ts';
import { poolOf } from './max-pool.ts';
import { type UnfoldingOptions, unfoldGradient } from './unfold-gradient.ts';

/**
 * A graph whose gradients are operators of ONNX (and of onnxruntime's FusedMatMul), for engines that know no others and for
 * files: each gradient operator is replaced by the nodes of its unfolded form, in its place. A pool whose gradient is asked for
 * keeps the places of its largest elements for it, unless another form is asked for.
 *
 * What ran before autodiff named its gradients is what runs behind this, node by node. A graph without gradient operators is
 * given back as it is; else inputs, outputs, constants and metadata keep their names.
 */
export function lowerGradients(graph: Graph, options: UnfoldingOptions = {}): Graph {
  if (!graph.nodes.some(isGradient)) return graph;
  const pools = new Set(options.maxPoolForm === 'comparison' ? [] : graph.nodes.flatMap(pooledBefore));
  return rewriteGraph(graph, (node, inputs, target) => {
    if (pools.has(node)) return withIndices(node as OperatorNode<'MaxPool'>, inputs, target);
    if (!isGradientOperator(node.op)) return undefined;
    const unfolded = unfoldGradient(node.op, inputs, node.attributes as never, { ...options, readsForward: true });
    return unfolded.slice(0, node.outputs.length);
  });
}

const isGradient = (node: Node): boolean => node.kind === 'operator' && isGradientOperator(node.op);

/** The pool whose gradient a node is, if it can keep what the gradient needs. */
function pooledBefore(node: Node): OperatorNode[] {
  if (node.kind !== 'operator' || node.op !== 'MaxPoolGradient') return [];
  const pool = poolOf(node.inputs, node.attributes as OperatorAttributes<'MaxPoolGradient'>);
  return pool === undefined ? [] : [pool as OperatorNode];
}

function withIndices(
  { name, attributes, outputs }: OperatorNode<'MaxPool'>,
  inputs: readonly (Value | undefined)[],
  target: Graph,
): readonly Value[] {
  return target.apply('MaxPool', inputs, attributes, { name, outputs: 2 }).slice(0, outputs.length);
}
