import type { Graph } from '../graph/builder/graph.ts';
import type { Tensor } from '../graph/tensor/tensor.ts';

/**
 * What runs graphs. One program is one static graph, prepared once and run many times; what has to stay with the engine
 * between runs (weights, optimiser state) is a held tensor, so that it is never copied to and fro.
 *
 * Every implementation passes `engine.contract.ts`.
 */
export interface Engine extends AsyncDisposable {
  /** For people and logs: `onnxruntime 1.30.0, cpu, 2 threads`. */
  readonly description: string;
  /** What it computes in. Default: float32. */
  readonly precision?: 'float32' | 'bfloat16';
  /** True of an engine that gives graphs with named lengths to another one: `withLengths` says them. Default: no. */
  readonly needsLengths?: boolean;
  /** Prepares a graph. Only what its outputs need is kept. @throws if the engine lacks an operator of it. */
  compile(graph: Graph, options?: CompileOptions): Promise<Program>;
  /** Copies a tensor to where the engine keeps its own. */
  hold(tensor: Tensor): Promise<HeldTensor>;
  /** Releases everything. Programs and held tensors of a closed engine must not be used. */
  close(): Promise<void>;
}

/** How a graph becomes a program. */
export interface CompileOptions {
  /** Names the program in errors and profiles. */
  readonly name?: string;
  /**
   * Runs the graph's own nodes, as nearly as possible in its order, and none that the engine would rather have: for a
   * training step, whose weights are inputs so that there is nothing to fold, and whose order decides the memory it takes
   * (`estimateStepMemory` tells how much). Default: no, for a network with constant weights gets faster by rewriting.
   */
  readonly asBuilt?: boolean;
  /**
   * Gives the memory of values in between back after every run, which costs some time: for a program that runs once where others
   * run beside it that need the memory. Default: no, it is kept for the next run.
   */
  readonly givesBack?: boolean;
}

/** A tensor that lives with the engine. It must be released by hand. */
export interface HeldTensor {
  readonly type: Tensor['type'];
  readonly shape: Tensor['shape'];
  /** A copy of its present elements. */
  read(): Promise<Tensor>;
  /** Overwrites its elements; type and shape stay. */
  write(tensor: Tensor): Promise<void>;
  release(): Promise<void>;
}

/** Where the outputs of a run go; see `Program.run`. */
export interface RunOptions {
  /** Outputs to give back. Default: all that are not in `into`. */
  readonly fetch?: readonly string[];
  /** Outputs to write into held tensors. */
  readonly into?: Readonly<Record<string, HeldTensor>>;
}

/** How a program is divided between an engine and the one under it. */
export interface Placement {
  /** The share of the floating-point operations of convolutions and matrix products that the engine does itself, 0 to 1. */
  readonly share: number;
  /** Operators of the others, and those that are not known, each once. */
  readonly elsewhere: readonly string[];
}

/** A graph that is ready to run. */
export interface Program {
  /** Names of the graph's inputs and outputs. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Of an engine over another one: how much it computes itself. */
  readonly placement?: Placement | undefined;
  /**
   * Runs the graph once. `feeds` has every input by name. An output named in `into` is written into that held tensor, in
   * place, which may also be fed in the same run if every node that reads it must come before the node that writes it;
   * every other output named in `fetch` comes back as a tensor (all outputs, if `fetch` is left out).
   *
   * A host tensor that is fed belongs to the engine from then on: an engine in another thread takes its memory away.
   *
   * @throws if an input is missing or of another type or shape than the graph says, naming it.
   */
  run(feeds: Readonly<Record<string, Tensor | HeldTensor>>, options?: RunOptions): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}
