import type { Graph } from '../../graph/builder/graph.ts';

/** A network, and how long its named axes are where it runs. */
export interface SizedGraph {
  readonly graph: Graph;
  readonly lengths: ReadonlyMap<string, number>;
  /** The file that the graph was read from: onnxruntime is given it as it is, and nothing is written down again. */
  readonly file?: Uint8Array;
}
