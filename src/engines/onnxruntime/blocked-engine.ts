import { Graph } from '../../graph/builder/graph.ts';
import { conv } from '../../graph/builder/operations.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { CompileOptions, Engine, HeldTensor, Program } from '../engine.ts';
import { blockConvolutions } from './blocked-convolution.ts';

/** Channels that onnxruntime's blocked kernels keep side by side, on one machine or another. */
const knownBlocks = [16, 8, 4] as const;

/**
 * An onnxruntime engine that runs convolutions on blocked kernels, see `blockConvolutions`, where the machine has them. How
 * many channels make a block is the machine's: it is found out by trying, and a block is used only if it gives what the plain
 * kernel gives.
 */
export class BlockedEngine implements Engine {
  readonly description: string;
  readonly precision: NonNullable<Engine['precision']>;
  readonly needsLengths: boolean;

  private constructor(
    private readonly engine: Engine,
    /** Channels of a block; 0 where the machine has no blocked kernels. */
    readonly block: number,
  ) {
    this.precision = engine.precision ?? 'float32';
    this.needsLengths = engine.needsLengths ?? false;
    this.description = block === 0 ? engine.description : `${engine.description}, convolutions in blocks of ${block}`;
  }

  /**
   * Wraps an engine, which is closed with this one.
   *
   * @param blocks the blocks to try; none where convolutions do not run on the CPU.
   */
  static async over(engine: Engine, blocks: readonly number[] = knownBlocks): Promise<BlockedEngine> {
    for (const block of blocks) if (await fits(engine, block)) return new BlockedEngine(engine, block);
    return new BlockedEngine(engine, 0);
  }

  compile(graph: Graph, options?: CompileOptions): Promise<Program> {
    return this.engine.compile(this.block === 0 ? graph : blockConvolutions(graph, this.block), options);
  }

  hold(value: Tensor): Promise<HeldTensor> {
    return this.engine.hold(value);
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** True if kernels of this block are there and give what the plain kernel gives. */
async function fits(engine: Engine, block: number): Promise<boolean> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [1, 2 * block, 5, 5]);
  const w = graph.input('w', 'float32', [2 * block, 2 * block, 3, 3]);
  graph.output(
    'y',
    conv(x, w, undefined, { kernelShape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1], dilations: [1, 1] }),
  );
  const run = async (tried: Graph): Promise<ArrayLike<number>> => {
    const program = await engine.compile(tried, { name: `convolution in blocks of ${block}` });
    try {
      const { y } = await program.run({ x: ramp(x.shape.map(Number)), w: ramp(w.shape.map(Number)) });
      return y.data as Float32Array;
    } finally {
      await program.release();
    }
  };
  const expected = await run(graph);
  try {
    const found = await run(blockConvolutions(graph, block));
    return Array.from(expected).every((value, place) => Math.abs(value - found[place]) < 1e-3);
  } catch {
    // An engine without these kernels refuses the graph, and that is the answer.
    return false;
  }
}

/** Numbers between -1 and 1, no two neighbours alike. */
function ramp(shape: readonly number[]): Tensor {
  const made = tensor('float32', shape);
  for (let place = 0; place < made.data.length; place++) made.data[place] = Math.sin(1 + 7.3 * place);
  return made;
}
