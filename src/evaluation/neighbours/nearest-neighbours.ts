import type { Engine, Program } from '../../engines/engine.ts';
import {
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { cast, gemm } from '../../graph/builder/operations.ts';
import { int64Vector, type TensorOf, tensor } from '../../graph/tensor/tensor.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName, searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { checkEmbeddings, type EmbeddingTable } from './embedding-table.ts';
import { ExactNeighbours } from './exact-neighbours.ts';
import { innerProductForms, squaredLengths } from './inner-product-form.ts';
import { manhattanNeighbours } from './manhattan-neighbours.ts';
import { type NeighbourBlock, neighbourBlock } from './neighbour-block.ts';
import { placed, placementOf } from './placement.ts';

/** How many neighbours are looked for, by which distance, and on which engine. */
export interface NearestNeighboursOptions {
  /** Neighbours of each query; fewer where the gallery has fewer. */
  readonly k: number;
  readonly engine: Engine;
  /** Default: `euclidean`. */
  readonly distance?: SearchDistanceName;
  /**
   * Queries that are compared with the whole gallery at a time. Default: as many as keep a block's vectors and its scores
   * within 64 MiB each, at most 2048.
   */
  readonly blockRows?: number;
}

const neighbourRules: OptionRules<NearestNeighboursOptions> = {
  k: wholeNumber(1),
  engine: objectWith('an engine', ['compile'], 'await OnnxruntimeEngine.create() gives one'),
  distance: optional(oneOf(searchDistanceNames)),
  blockRows: optional(wholeNumber(1)),
};

/**
 * The k nearest rows of `gallery` for every row of `queries`, compared with every row: exact but for float32 rounding. Without
 * `queries` every row of the gallery asks for its neighbours among all others; copies of it in other rows are neighbours like any.
 *
 * Formula: rows are ranked by `|g|^2 - 2 q.g`, one matrix product a block; the distance is the root of that plus `|q|^2`.
 * Squared distances have an absolute error of about 1e-7 times the squared lengths. So that it stays small beside the
 * distances, embeddings that all lie to one side are moved to their mean first (see `placementOf`), and neighbours whose squared
 * distance is below 2^-16 of the query's squared length are ranked by differences in float64; where all that were fetched are so
 * near, the query is compared with the whole gallery that way. Equal distances are ranked by row, lowest first. Cosine and Hamming distances are had from a matrix product, too, see `innerProductForms`;
 * Hamming distances are exact, and rows at the same one are ranked in an order that has nothing to do with that of the rows.
 * Manhattan distances are summed one by one, see `manhattanNeighbours`: slower by far.
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
  checkOptions(options, neighbourRules);
  const galleryRows = checkEmbeddings(gallery, 'gallery');
  const asking = queries ?? gallery;
  const queryRows = queries === undefined ? galleryRows : checkEmbeddings(queries, 'queries');
  const { dimension } = gallery;
  if (asking.dimension !== dimension) {
    throw new UsageError(
      `nearest neighbours: queries have ${asking.dimension} dimensions, the gallery ${dimension}: embed both with one model`,
      { path: 'queries.dimension', expected: String(dimension), value: asking.dimension },
    );
  }
  const others = queries === undefined ? galleryRows - 1 : galleryRows;
  const k = Math.min(options.k, others);
  if (queryRows === 0 || k === 0) return;
  const { distance = 'euclidean' } = options;
  if (distance === 'manhattan') {
    yield* manhattanNeighbours(gallery, k, queries);
    return;
  }
  const named = searchDistanceByName(distance);
  const form = innerProductForms[distance];
  const blockRows = Math.min(queryRows, options.blockRows ?? defaultBlockRows(queryRows, galleryRows, dimension));
  // One more where the query itself is among them; it is struck out afterwards.
  const fetched = queries === undefined ? k + 1 : k;

  const { engine } = options;
  const program = await engine.compile(rankingGraph(blockRows, galleryRows, dimension, fetched), {
    name: 'nearest neighbours',
  });
  const placement = form.movable ? placementOf(gallery) : { origin: undefined, scale: 1 };
  const prepare = (data: Float32Array) => form.prepare(placed(data, dimension, placement), dimension);
  const exact = new ExactNeighbours(gallery, named);
  const ranking = { form, scale: placement.scale, k, fetched, galleryRows, dimension, exact };
  const prepared = prepare(gallery.data);
  const held = await engine.hold(tensor('float32', [galleryRows, dimension], prepared));
  const addends = await engine.hold(tensor('float32', [galleryRows], form.addends({ data: prepared, dimension })));
  try {
    for (let firstQuery = 0; firstQuery < queryRows; firstQuery += blockRows) {
      const queryCount = Math.min(blockRows, queryRows - firstQuery);
      const queriesOfBlock = asking.data.subarray(firstQuery * dimension, (firstQuery + queryCount) * dimension);
      const rows = new Float32Array(blockRows * dimension);
      rows.set(prepare(queriesOfBlock));
      const own = squaredLengths({ data: rows, dimension });
      const block = tensor('float32', [blockRows, dimension], rows);
      const ranked = await program.run({ block, gallery: held, addends });
      const scores = ranked['scores'] as TensorOf<'float32'>;
      const indexes = ranked['indexes'] as TensorOf<'int32'>;
      const found = { scores: scores.data, indexes: indexes.data, own, queries: queriesOfBlock };
      yield neighbourBlock(ranking, firstQuery, queryCount, found);
    }
  } finally {
    await releaseAll(program, held, addends);
  }
}

async function releaseAll(...things: readonly Pick<Program, 'release'>[]): Promise<void> {
  for (const thing of things) await thing.release();
}

/** `scores` and `indexes` [blockRows, fetched] of the gallery rows with the smallest `addends[g] - 2 q.g`, smallest first. */
function rankingGraph(blockRows: number, galleryRows: number, dimension: number, fetched: number): Graph {
  const graph = new Graph();
  const block = graph.input('block', 'float32', [blockRows, dimension]);
  const gallery = graph.input('gallery', 'float32', [galleryRows, dimension]);
  const addends = graph.input('addends', 'float32', [galleryRows]);
  const scores = gemm(block, gallery, addends, { alpha: -2, transB: 1 });
  const k = graph.constant(int64Vector([fetched]), 'k');
  const [smallest, places] = graph.apply('TopK', [scores, k], { largest: 0 }, { outputs: 2 });
  graph.output('scores', smallest);
  graph.output('indexes', cast(places, 'int32'));
  return graph;
}

/** Few and even blocks: the gallery is read once for each, and the last one is filled up with rows of zeros. */
function defaultBlockRows(queryRows: number, galleryRows: number, dimension: number): number {
  const most = Math.max(1, Math.min(2048, Math.floor(2 ** 24 / Math.max(galleryRows, dimension))));
  return Math.ceil(queryRows / Math.ceil(queryRows / most));
}
