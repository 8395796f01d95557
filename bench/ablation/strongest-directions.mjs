import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { Graph } from '../../dist/graph/builder/graph.js';
import { gemm } from '../../dist/graph/builder/operations.js';
import { tensor } from '../../dist/graph/tensor/tensor.js';

const rounds = 10;

/**
 * The `count` orthonormal directions along which the rows of a table are longest: the first eigenvectors of `X^T X`, by
 * orthogonal iteration from a fixed seed. Rows are not centred, so that scalar products with the origin stay what they are.
 *
 * @param {import('../../dist/index.js').Engine} engine
 * @param {{ data: Float32Array, dimension: number }} table
 * @param {number} count
 * @returns {Promise<Float32Array>} [count, dimension]
 */
export async function strongestDirections(engine, { data, dimension }, count) {
  const moments = await product(engine, data, data, dimension, { transA: 1 });
  const random = RandomSource.fromSeed(0, 'strongest directions');
  let directions = orthonormal(
    Float32Array.from({ length: count * dimension }, () => random.normal()),
    dimension,
  );
  for (let round = 0; round < rounds; round++) {
    directions = orthonormal(await product(engine, directions, moments, dimension, {}), dimension);
  }
  return directions;
}

/** Rows of a table on the directions: [rows, count]. */
export async function projectRows(engine, { data, dimension }, directions) {
  const projected = await product(engine, data, directions, dimension, { transB: 1 });
  return { data: projected, dimension: directions.length / dimension };
}

/** A matrix product of two arrays that both have rows of `dimension` numbers. */
async function product(engine, a, b, dimension, transposed) {
  const graph = new Graph();
  const shapeOf = (values) => [values.length / dimension, dimension];
  const left = graph.input('a', 'float32', shapeOf(a));
  const right = graph.input('b', 'float32', shapeOf(b));
  graph.output('product', gemm(left, right, undefined, transposed));
  const program = await engine.compile(graph, { name: 'product' });
  // The engine takes what it is fed.
  const { product: result } = await program.run({
    a: tensor('float32', shapeOf(a), a.slice()),
    b: tensor('float32', shapeOf(b), b.slice()),
  });
  await program.release();
  return result.data;
}

/** The rows made orthonormal one after the other (Gram and Schmidt, modified). */
function orthonormal(rows, dimension) {
  const result = Float32Array.from(rows);
  const row = (number) => result.subarray(number * dimension, (number + 1) * dimension);
  for (let own = 0; own < rows.length / dimension; own++) {
    const vector = row(own);
    for (let before = 0; before < own; before++) subtract(vector, row(before), dot(vector, row(before)));
    const length = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < dimension; i++) vector[i] /= length;
  }
  return result;
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(vector, other, factor) {
  for (let i = 0; i < vector.length; i++) vector[i] -= factor * other[i];
}
