import type { Graph } from '../../graph/builder/graph.ts';
import { webGpuForm } from './webgpu-form.ts';

/** A graph as the execution providers of a session take it: `webGpuForm` where one of them is WebGPU, else as it is. */
export function providerForm(graph: Graph, providers: readonly string[] | undefined): Graph {
  return providers?.includes('webgpu') ? webGpuForm(graph) : graph;
}
