import { Graph } from '../../dist/graph/builder/graph.js';
import { gemm } from '../../dist/graph/builder/operations.js';
import { tensor } from '../../dist/graph/tensor/tensor.js';

const blockRows = 256;

/**
 * Squared Euclidean distances of every row of `queries` to every row of `gallery`, row by row, up to a number that is the
 * same within a row: what ranking needs, and 75 MB for the judged emoji.
 *
 * @param {import('../../dist/index.js').Engine} engine
 * @param {{ data: Float32Array, dimension: number }} gallery
 * @param {{ data: Float32Array, dimension: number }} [queries] default: the gallery's own rows
 */
export async function distanceMatrix(engine, gallery, queries = gallery) {
  const { dimension } = gallery;
  const rows = gallery.data.length / dimension;
  const graph = new Graph();
  const block = graph.input('block', 'float32', [blockRows, dimension]);
  const all = graph.input('gallery', 'float32', [rows, dimension]);
  const lengths = graph.input('lengths', 'float32', [rows]);
  graph.output('scores', gemm(block, all, lengths, { alpha: -2, transB: 1 }));
  const program = await engine.compile(graph, { name: 'distances' });
  const squared = Float32Array.from({ length: rows }, (_, row) =>
    gallery.data.subarray(row * dimension, (row + 1) * dimension).reduce((sum, value) => sum + value * value, 0),
  );
  const held = await engine.hold(tensor('float32', [rows, dimension], gallery.data));
  const matrix = new Float32Array(rows * rows);
  for (let first = 0; first < rows; first += blockRows) {
    const data = new Float32Array(blockRows * dimension);
    const count = Math.min(blockRows, rows - first);
    data.set(queries.data.subarray(first * dimension, (first + count) * dimension));
    const { scores } = await program.run({
      block: tensor('float32', [blockRows, dimension], data),
      gallery: held,
      lengths: tensor('float32', [rows], squared.slice()),
    });
    matrix.set(scores.data.subarray(0, count * rows), first * rows);
  }
  await program.release();
  await held.release();
  return matrix;
}
