import { UMAP } from 'umap-js';
import type { Engine } from '../../engines/engine.ts';
import { checkEmbeddings, type EmbeddingTable } from '../../evaluation/neighbours/embedding-table.ts';
import { nearestNeighbours } from '../../evaluation/neighbours/nearest-neighbours.ts';
import { principalPlane } from '../../evaluation/neighbours/principal-plane.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';

/** By what rows are near, and how they are laid out. */
export interface LayOutOptions extends LongWork {
  /** Finds neighbours. */
  readonly engine: Engine;
  readonly distance: SearchDistanceName;
  /** Decides the layout, with the rows: the same seed gives the same places. */
  readonly seed: number;
  /** Neighbours that a row is drawn to, itself counted. Default: 15. */
  readonly neighbours?: number | undefined;
}

/** Fewer rows than that have no neighbourhood to speak of. */
const fewest = 5;
/** UMAP's least distance of neighbours: its own, and that of so few rows that there is room between them. */
const [leastDistance, leastOfFew, few] = [0.1, 0.5, 1000];
/** How far the first places reach, as umap-learn has it; and how far rows at the same place are set apart. */
const [firstReach, firstSpread] = [10, 1e-3];

/**
 * Rows laid out in the plane, so that near ones are near there: UMAP on exact neighbours, from the two principal components as
 * first places. What is far apart in the plane says little of how far apart the rows are.
 *
 * Shapes: [n, D] -> [n, 2], each coordinate from -1 to 1, both by one scale. Corner cases: below five rows the principal components
 * themselves; equal rows are set a little apart by the seed.
 * Source: McInnes, Healy and Melville 2018; first places as of Kobak and Linderman 2021.
 *
 * @throws as `nearestNeighbours` does.
 */
export async function layOutRows(table: EmbeddingTable, options: LayOutOptions): Promise<Float32Array> {
  const rows = checkEmbeddings(table);
  if (rows === 0) return new Float32Array(0);
  const { coordinates } = principalPlane(table);
  if (rows < fewest) return intoSquare(coordinates);
  const { seed, neighbours = 15, ...work } = options;
  const near = await neighbourLists(table, { ...options, neighbours: Math.min(neighbours, rows - 1) });
  const random = RandomSource.fromSeed(seed, 'layout');
  const umap = new UMAP({
    nNeighbors: near.indexes[0].length,
    minDist: rows < few ? leastOfFew : leastDistance,
    random: () => random.uniform(),
  });
  umap.setPrecomputedKNN(near.indexes, near.distances);
  // It counts rows; their neighbours are known.
  const epochs = umap.initializeFit(near.indexes);
  const places = umap.getEmbedding();
  const scale = firstReach / (coordinates.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1);
  for (const [row, place] of places.entries()) {
    for (const axis of [0, 1]) place[axis] = scale * coordinates[2 * row + axis] + firstSpread * random.normal();
  }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    advance(work, { work: 'laying out', unit: 'rounds', done: epoch, total: epochs });
  }
  return intoSquare(Float64Array.from(umap.getEmbedding().flat()));
}

/** The neighbours of every row, itself first. */
async function neighbourLists(table: EmbeddingTable, options: LayOutOptions & { readonly neighbours: number }) {
  const { engine, distance, neighbours, ...work } = options;
  const [indexes, distances]: [number[][], number[][]] = [[], []];
  const total = table.data.length / table.dimension;
  for await (const block of nearestNeighbours(table, { k: neighbours - 1, engine, distance })) {
    for (let query = 0; query < block.queryCount; query++) {
      const own = [query * block.k, (query + 1) * block.k] as const;
      indexes.push([block.firstQuery + query, ...block.indexes.subarray(...own)]);
      distances.push([0, ...block.distances.subarray(...own)]);
    }
    advance(work, { work: 'comparing', unit: 'images', done: block.firstQuery + block.queryCount, total });
  }
  return { indexes, distances };
}

/** Places within the square from -1 to 1, in the middle of it, by one scale for both axes. */
function intoSquare(places: Float64Array): Float32Array {
  const [low, high] = [
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ];
  for (const [at, value] of places.entries()) {
    low[at % 2] = Math.min(low[at % 2], value);
    high[at % 2] = Math.max(high[at % 2], value);
  }
  const half = Math.max(high[0] - low[0], high[1] - low[1]) / 2 || 1;
  return Float32Array.from(places, (value, at) => (value - (low[at % 2] + high[at % 2]) / 2) / half);
}
