import { type GeluForm, geluForm } from '../../../graph/builder/gelu-form.ts';
import type { Graph, Node, Value } from '../../../graph/builder/graph.ts';
import { rewriteGraph } from '../../../graph/builder/rewrite-graph.ts';

/** A graph whose Gelus, which are written down as the nodes of their formula, are one node each; what nothing else reads of these is left over. */
export function nameGelus(graph: Graph): Graph {
  const forms = new Map<Node, GeluForm>();
  for (const node of graph.nodes) {
    const form = node.op === 'Mul' && node.outputs[0].type === 'float32' ? geluForm(node.outputs[0]) : undefined;
    if (form !== undefined) forms.set(node, form);
  }
  if (forms.size === 0) return graph;
  const copies = new Map<Value, Value>();
  const replace = (node: Node, target: Graph): readonly Value[] | undefined => {
    const form = forms.get(node);
    return (
      form && target.apply('FusedGelu', [copies.get(form.x)], { approximate: form.approximate }, { name: node.name })
    );
  };
  return rewriteGraph(graph, (node, _, target) => replace(node, target), copies);
}
