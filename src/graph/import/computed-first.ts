import type { FileNode } from './inlined-functions.ts';

/**
 * Nodes in an order in which each stands behind those that compute what it reads, and else as the file has them: ONNX asks for such
 * an order, and onnxruntime reads files in any. Nodes that read each other in a circle stay where they are.
 */
export function computedFirst(nodes: readonly FileNode[]): readonly FileNode[] {
  const makers = new Map<string, FileNode>();
  for (const node of nodes) {
    for (const name of node.proto.output) if (!makers.has(name)) makers.set(name, node);
  }
  const ordered: FileNode[] = [];
  const met = new Set<FileNode>();
  for (const node of nodes) {
    if (met.has(node)) continue;
    met.add(node);
    const pending = [{ node, next: 0 }];
    while (pending.length > 0) {
      const last = pending[pending.length - 1];
      const { input } = last.node.proto;
      if (last.next === input.length) {
        ordered.push(last.node);
        pending.pop();
        continue;
      }
      const maker = makers.get(input[last.next++]);
      if (maker === undefined || met.has(maker)) continue;
      met.add(maker);
      pending.push({ node: maker, next: 0 });
    }
  }
  return ordered;
}
