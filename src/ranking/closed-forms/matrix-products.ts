import type { Engine, Program } from '../../engines/engine.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { gemm } from '../../graph/builder/operations.ts';
import { type TensorOf, tensor } from '../../graph/tensor/tensor.ts';
import { type Matrix, matrix } from './matrix.ts';

/** Products of matrices in double precision, by an engine, which keeps a program for each pair of shapes until `close`. */
export class MatrixProducts {
  readonly #engine: Engine;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** `a b`: [m, k] by [k, n] to [m, n]. */
  product(a: Matrix, b: Matrix): Promise<Matrix> {
    return this.#run(a, b, 'none');
  }

  /** `a b'`: [m, k] by [n, k] to [m, n]. */
  productOfTransposed(a: Matrix, b: Matrix): Promise<Matrix> {
    return this.#run(a, b, 'right');
  }

  /** `a' b`: [k, m] by [k, n] to [m, n]. */
  transposedProduct(a: Matrix, b: Matrix): Promise<Matrix> {
    return this.#run(a, b, 'left');
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

  async #run(a: Matrix, b: Matrix, transposed: 'none' | 'left' | 'right'): Promise<Matrix> {
    const key = [transposed, a.rows, a.columns, b.rows, b.columns].join();
    const known = this.#programs.get(key) ?? this.#engine.compile(productGraph(a, b, transposed), { name: 'product' });
    this.#programs.set(key, known);
    const program = await known;
    // What is fed belongs to the engine.
    const fed = ({ rows, columns, data }: Matrix) => tensor('float64', [rows, columns], data.slice());
    const { c } = await program.run({ a: fed(a), b: fed(b) });
    const [rows, columns] = c.shape;
    return matrix(rows, columns, (c as TensorOf<'float64'>).data);
  }
}

function productGraph(a: Matrix, b: Matrix, transposed: 'none' | 'left' | 'right'): Graph {
  const graph = new Graph();
  const left = graph.input('a', 'float64', [a.rows, a.columns]);
  const right = graph.input('b', 'float64', [b.rows, b.columns]);
  const attributes = { transA: transposed === 'left' ? 1 : 0, transB: transposed === 'right' ? 1 : 0 };
  graph.output('c', gemm(left, right, undefined, attributes));
  return graph;
}
