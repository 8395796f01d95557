import type { Graph } from '../../src/graph/builder/graph.ts';

/** A copy of a graph whose filters and linear maps are kept in bytes. */
export function inBytes(graph: Graph): Graph;
