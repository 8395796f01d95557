import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Node, OpaqueNode } from '../builder/graph.ts';
import { innerNodes } from '../builder/subgraphs.ts';
import { definedSince } from '../onnx/operator-versions.ts';
import { domainOf } from '../operators/operator.ts';
import { emittedOpset, emittedOpsetWithAffineGrid } from '../operators/opset.ts';

/**
 * The version of each operator domain that a file with these nodes declares; ONNX's own domain is `''`, always there: 18, or
 * 20 where a node needs it.
 *
 * @throws if no version suits all nodes.
 */
export function fileOpsets(nodes: readonly Node[]): ReadonlyMap<string, number> {
  const candidates = [emittedOpset, emittedOpsetWithAffineGrid];
  const own = candidates.find((opset) => nodes.every((node) => isSuited(node, opset)));
  if (own === undefined) {
    const unsuited = candidates.map((opset) => nodes.find((node) => !isSuited(node, opset))!);
    const reasons = candidates.map((opset, i) => `${opset} does not suit '${unsuited[i].name}' (${unsuited[i].op})`);
    throw new GraphError(`the graph fits no operator set that can be written: ${reasons.join(', ')}`);
  }
  const opsets = new Map([['', own]]);
  for (const node of nodes) {
    const domain = node.kind === 'operator' ? domainOf(node.op) : node.domain;
    if (domain === '') continue;
    const wanted = node.kind === 'operator' ? 1 : (node.opset ?? 1);
    const declared = opsets.get(domain) ?? wanted;
    if (declared !== wanted) {
      throw new GraphError(
        `node '${node.name}' needs version ${wanted} of '${domain}', another node version ${declared}`,
      );
    }
    opsets.set(domain, wanted);
  }
  return opsets;
}

function isSuited(node: Node, opset: number): boolean {
  if (node.kind === 'opaque') return suitsOpaque(node, opset);
  return domainOf(node.op) !== '' || definedSince(node.op, opset) !== undefined;
}

/** True if a node that is kept as it is, and every node inside it, means the same under `opset` as where it came from. */
export function suitsOpaque(
  { op, domain, opset: written = emittedOpset, attributes }: Pick<OpaqueNode, 'op' | 'domain' | 'opset' | 'attributes'>,
  opset: number,
): boolean {
  if (domain !== '') return true;
  return (
    isSame(op, written, opset) &&
    innerNodes(attributes).every((inner) => inner.domain === '' && isSame(inner.opType, written, opset))
  );
}

/** Versions that changed an operator only by what they allow besides, so that a node of an older one means the same in them. */
const widening: Readonly<Record<string, number>> = { ScatterElements: 18, ScatterND: 18 };

function isSame(op: string, from: number, to: number): boolean {
  const [definition, other] = [definedSince(op, from), definedSince(op, to)];
  if (definition === undefined || other === undefined) return false;
  return definition === other || (from < to && Object.hasOwn(widening, op) && other === widening[op]);
}
