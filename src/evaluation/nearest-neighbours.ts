import type { Engine, Program } from '../engines/engine.ts';
import { Graph } from '../graph/graph.ts';
import { cast, gemm } from '../graph/operations.ts';
import { int64Vector, type TensorOf, tensor } from '../tensor/tensor.ts';
import { checkEmbeddings, type EmbeddingTable } from './embedding-table.ts';

export interface NearestNeighboursOptions {
  /** Neighbours of each query; fewer where the gallery has fewer. */
  readonly k: number;
  readonly engine: Engine;
  /**
   * Queries that are compared with the whole gallery at a time. Default: as many as keep a block's vectors and its scores
   * within 64 MiB each, at most 2048.
   */
  readonly blockRows?: number;
}

/** The neighbours of some consecutive queries. */
export interface NeighbourBlock {
  /** Row of the first query of this block. */
  readonly firstQuery: number;
  readonly queryCount: number;
  /** Neighbours of each query. */
  readonly k: number;
  /** Rows of the gallery, [queryCount, k], nearest first. */
  readonly indexes: Int32Array;
  /** Euclidean distances, [queryCount, k]. */
  readonly distances: Float32Array;
}

/**
 * The k nearest rows of `gallery` for every row of `queries`, by Euclidean distance, compared with every row: exact but
 * for float32 rounding. Without `queries` every row of the gallery asks for its neighbours among all others; copies of it
 * in other rows are neighbours like any.
 *
 * Formula: rows are ranked by `|g|^2 - 2 q.g`, one matrix product a block; the distance is the root of that plus `|q|^2`.
 * What cancels is lost: squared distances have an absolute error of about 1e-7 times the squared lengths. Equal scores are
 * ranked by row, lowest first.
 *
 * Results come block by block, so that memory holds the gallery, one block of scores and one block of results: it does
 * not grow with the square of the images.
 *
 * @throws if the dimensions differ, a number is not finite, or `k` is not a whole number of at least 1.
 */
export async function* nearestNeighbours(
  gallery: EmbeddingTable,
  options: NearestNeighboursOptions,
  queries?: EmbeddingTable,
): AsyncGenerator<NeighbourBlock, void, undefined> {
  const galleryRows = checkEmbeddings(gallery, 'gallery');
  const asking = queries ?? gallery;
  const queryRows = queries === undefined ? galleryRows : checkEmbeddings(queries, 'queries');
  const { dimension } = gallery;
  if (asking.dimension !== dimension) {
    throw new Error(
      `nearest neighbours: queries have ${asking.dimension} dimensions, the gallery ${dimension}: embed both with one model`,
    );
  }
  if (!Number.isInteger(options.k) || options.k < 1) {
    throw new Error(`nearest neighbours: k must be a whole number of at least 1, got ${options.k}`);
  }
  const others = queries === undefined ? galleryRows - 1 : galleryRows;
  const k = Math.min(options.k, others);
  if (queryRows === 0 || k === 0) return;
  const blockRows = Math.min(queryRows, options.blockRows ?? defaultBlockRows(queryRows, galleryRows, dimension));
  // One more where the query itself is among them; it is struck out afterwards.
  const fetched = queries === undefined ? k + 1 : k;

  const { engine } = options;
  const program = await engine.compile(rankingGraph(blockRows, galleryRows, dimension, fetched), {
    name: 'nearest neighbours',
  });
  const held = await engine.hold(tensor('float32', [galleryRows, dimension], gallery.data));
  const lengths = await engine.hold(tensor('float32', [galleryRows], squaredLengths(gallery)));
  try {
    for (let firstQuery = 0; firstQuery < queryRows; firstQuery += blockRows) {
      const queryCount = Math.min(blockRows, queryRows - firstQuery);
      const rows = new Float32Array(blockRows * dimension);
      rows.set(asking.data.subarray(firstQuery * dimension, (firstQuery + queryCount) * dimension));
      const own = squaredLengths({ data: rows, dimension });
      const block = tensor('float32', [blockRows, dimension], rows);
      const ranked = await program.run({ block, gallery: held, lengths });
      const scores = ranked['scores'] as TensorOf<'float32'>;
      const indexes = ranked['indexes'] as TensorOf<'int32'>;
      yield neighbourBlock(firstQuery, queryCount, k, fetched, scores.data, indexes.data, own);
    }
  } finally {
    await releaseAll(program, held, lengths);
  }
}

async function releaseAll(...things: readonly Pick<Program, 'release'>[]): Promise<void> {
  for (const thing of things) await thing.release();
}

/** `scores` and `indexes` [blockRows, fetched] of the gallery rows with the smallest `|g|^2 - 2 q.g`, smallest first. */
function rankingGraph(blockRows: number, galleryRows: number, dimension: number, fetched: number): Graph {
  const graph = new Graph();
  const block = graph.input('block', 'float32', [blockRows, dimension]);
  const gallery = graph.input('gallery', 'float32', [galleryRows, dimension]);
  const lengths = graph.input('lengths', 'float32', [galleryRows]);
  const scores = gemm(block, gallery, lengths, { alpha: -2, transB: 1 });
  const k = graph.constant(int64Vector([fetched]), 'k');
  const [smallest, places] = graph.apply('TopK', [scores, k], { largest: 0 }, { outputs: 2 });
  graph.output('scores', smallest);
  graph.output('indexes', cast(places, 'int32'));
  return graph;
}

/** Turns scores into distances and strikes out the query itself where more was fetched than `k`. */
function neighbourBlock(
  firstQuery: number,
  queryCount: number,
  k: number,
  fetched: number,
  scores: Float32Array,
  fetchedIndexes: Int32Array,
  ownLengths: Float32Array,
): NeighbourBlock {
  const indexes = new Int32Array(queryCount * k);
  const distances = new Float32Array(queryCount * k);
  for (let row = 0; row < queryCount; row++) {
    let place = row * k;
    const end = place + k;
    for (let at = row * fetched; place < end; at++) {
      if (fetched > k && fetchedIndexes[at] === firstQuery + row) continue;
      indexes[place] = fetchedIndexes[at];
      distances[place] = Math.sqrt(Math.max(0, scores[at] + ownLengths[row]));
      place++;
    }
  }
  return { firstQuery, queryCount, k, indexes, distances };
}

function squaredLengths({ data, dimension }: EmbeddingTable): Float32Array {
  const lengths = new Float32Array(data.length / dimension);
  for (let row = 0; row < lengths.length; row++) {
    let sum = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) sum += data[i] * data[i];
    lengths[row] = sum;
  }
  return lengths;
}

/** Few and even blocks: the gallery is read once for each, and the last one is filled up with rows of zeros. */
function defaultBlockRows(queryRows: number, galleryRows: number, dimension: number): number {
  const most = Math.max(1, Math.min(2048, Math.floor(2 ** 24 / Math.max(galleryRows, dimension))));
  return Math.ceil(queryRows / Math.ceil(queryRows / most));
}
