import type { Engine, HeldTensor, Program, RunOptions } from '../../engines/engine.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { gemm } from '../../graph/builder/operations.ts';
import { type Tensor, type TensorOf, tensor } from '../../graph/tensor/tensor.ts';
import { type Matrix, matrix } from './matrix.ts';

/** A matrix that stays with the engine, so that it is not copied for each product; `release` gives it back. */
export interface HeldMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly held: HeldTensor;
  release(): Promise<void>;
}

/** A matrix that nobody else needs. */
interface GivenMatrix extends Matrix {
  readonly given: true;
}

/** Gives a matrix away as a factor: it is not copied for the engine, which takes its memory, and has no elements afterwards. */
export const given = (matrix: Matrix): GivenMatrix => ({ ...matrix, given: true });

type Factor = Matrix | GivenMatrix | HeldMatrix;
type Transposed = 'none' | 'left' | 'right';

/** Products of matrices in double precision, by an engine, which keeps a program for each pair of shapes until `close`. */
export class MatrixProducts {
  readonly #engine: Engine;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Copies a matrix that many products have as a factor to where the engine keeps its own. */
  async hold({ rows, columns, data }: Matrix): Promise<HeldMatrix> {
    const held = await this.#engine.hold(tensor('float64', [rows, columns], data));
    return { rows, columns, held, release: () => held.release() };
  }

  /** `a b`: [m, k] by [k, n] to [m, n]. */
  product(a: Factor, b: Factor): Promise<Matrix> {
    return this.#fetched(a, b, 'none');
  }

  /** `a b'`: [m, k] by [n, k] to [m, n]. */
  productOfTransposed(a: Factor, b: Factor): Promise<Matrix> {
    return this.#fetched(a, b, 'right');
  }

  /** `a b'` as `productOfTransposed` has it, left with the engine: it is written into `into`, which is no factor. */
  async putProductOfTransposed(into: HeldMatrix, a: Factor, b: Factor): Promise<void> {
    await this.#run(a, b, 'right', { fetch: [], into: { c: into.held } });
  }

  /** `a' b`: [k, m] by [k, n] to [m, n]. */
  transposedProduct(a: Factor, b: Factor): Promise<Matrix> {
    return this.#fetched(a, b, 'left');
  }

  /** Releases what the engine holds. */
  async close(): Promise<void> {
    for (const program of this.#programs.values()) await (await program).release();
    this.#programs.clear();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The program of a graph, compiled when its key is asked for first, and kept until `close`. */
  program(key: string, graph: () => Graph): Promise<Program> {
    const known = this.#programs.get(key) ?? this.#engine.compile(graph(), { name: 'product' });
    this.#programs.set(key, known);
    return known;
  }

  async #fetched(a: Factor, b: Factor, transposed: Transposed): Promise<Matrix> {
    const { c } = await this.#run(a, b, transposed);
    const [rows, columns] = c.shape;
    return matrix(rows, columns, (c as TensorOf<'float64'>).data);
  }

  async #run(a: Factor, b: Factor, transposed: Transposed, options?: RunOptions): Promise<Record<string, Tensor>> {
    // What is multiplied with itself is fed once.
    const key = [transposed, a === b, a.rows, a.columns, b.rows, b.columns].join();
    const program = await this.program(key, () => productGraph(a, b, transposed));
    return program.run(a === b ? { a: fed(a) } : { a: fed(a), b: fed(b) }, options);
  }
}

/** What an engine is fed as a factor. What is fed belongs to it, so that it gets a copy unless the matrix was given away. */
function fed(factor: Factor): TensorOf<'float64'> | HeldTensor {
  if ('held' in factor) return factor.held;
  return tensor('float64', [factor.rows, factor.columns], 'given' in factor ? factor.data : factor.data.slice());
}

function productGraph(a: Factor, b: Factor, transposed: Transposed): Graph {
  const graph = new Graph();
  const left = graph.input('a', 'float64', [a.rows, a.columns]);
  const right = a === b ? left : graph.input('b', 'float64', [b.rows, b.columns]);
  const attributes = { transA: transposed === 'left' ? 1 : 0, transB: transposed === 'right' ? 1 : 0 };
  graph.output('c', gemm(left, right, undefined, attributes));
  return graph;
}
