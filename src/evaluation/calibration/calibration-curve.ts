import type { CalibrationStep } from './calibration.ts';
import { isotonicBlocks } from './isotonic.ts';
import { fitLogistic, shareAt } from './logistic.ts';

/** Pairs and how far apart they are; 1 for alike, 0 for unlike. */
export interface JudgedPairs {
  readonly distances: ArrayLike<number>;
  readonly alike: ArrayLike<number>;
}

/** Fewest pairs that a share is taken over, and the least part of all pairs, both kinds weighing the same. */
const fewestPairs = 25;
const leastWeight = 1 / 60;
/** Places at which a logistic curve is written down. */
const logisticPoints = 33;

/**
 * The share of alike pairs by distance, had half of all pairs been alike: a step for each block of an isotonic fit. Blocks are joined until each has 25 pairs and a sixtieth of the weight, so that no share rests on a few pairs, and
 * each share is drawn in by half a pair of both kinds, so that none is 0 or 1.
 */
export function isotonicCurve(pairs: JudgedPairs): CalibrationStep[] {
  const { distances, alike, weights, counts } = sortedPairs(pairs);
  const runs = runsOfOneDistance(distances, alike, weights);
  const fitted = isotonicBlocks(runs.values, runs.weights);
  const blocks = fitted.map(({ start, end }) => blockOf(distances, alike, runs.starts[start], runs.starts[end]));
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (last !== undefined && isSmall(last, counts)) joined[joined.length - 1] = join(last, block);
    else joined.push(block);
  }
  const end = joined.at(-1);
  const before = joined.at(-2);
  if (end !== undefined && before !== undefined && isSmall(end, counts)) joined.splice(-2, 2, join(before, end));
  const falling: Block[] = [];
  for (let block of joined) {
    for (let last = falling.at(-1); last !== undefined; last = falling.at(-1)) {
      if (smoothedShare(last, counts) > smoothedShare(block, counts)) break;
      falling.pop();
      block = join(last, block);
    }
    falling.push(block);
  }
  return falling.map((block) => ({ ...block, share: smoothedShare(block, counts) }));
}

/** The same by a logistic curve, for few pairs: at 33 distances from the nearest pair to the farthest. */
export function logisticCurve(pairs: JudgedPairs): CalibrationStep[] {
  const { distances, alike, weights } = sortedPairs(pairs);
  const curve = fitLogistic(distances, alike, weights);
  const [first, last] = [distances[0], distances[distances.length - 1]];
  if (first === last) return [{ ...blockOf(distances, alike, 0, alike.length), share: shareAt(curve, first) }];
  const step = (last - first) / (logisticPoints - 1);
  const points = Array.from({ length: logisticPoints }, (_, place) => {
    const distance = first + place * step;
    return { from: distance, to: distance, share: shareAt(curve, distance), alike: 0, unlike: 0 };
  });
  for (const [i, distance] of distances.entries()) {
    const point = points[Math.round((distance - first) / step)];
    if (alike[i] === 1) point.alike++;
    else point.unlike++;
  }
  return points;
}

interface Counts {
  readonly alike: number;
  readonly unlike: number;
}

interface Block extends Counts {
  readonly from: number;
  readonly to: number;
}

/** Pairs by distance, each kind weighing one half in all. */
function sortedPairs({ distances, alike }: JudgedPairs) {
  const order = Uint32Array.from({ length: distances.length }, (_, place) => place);
  order.sort((a, b) => distances[a] - distances[b]);
  let count = 0;
  for (let i = 0; i < alike.length; i++) count += alike[i];
  const counts: Counts = { alike: count, unlike: alike.length - count };
  const weightOf = [0.5 / counts.unlike, 0.5 / counts.alike];
  return {
    distances: Float64Array.from(order, (place) => distances[place]),
    alike: Uint8Array.from(order, (place) => alike[place]),
    weights: Float64Array.from(order, (place) => weightOf[alike[place]]),
    counts,
  };
}

/** Pairs at the very same distance, which are one number of the fit: their weighted share. The last start is the end. */
function runsOfOneDistance(distances: Float64Array, alike: Uint8Array, weights: Float64Array) {
  const starts: number[] = [];
  const values: number[] = [];
  const sums: number[] = [];
  for (let start = 0, end = 0; start < distances.length; start = end) {
    let [sum, weight] = [0, 0];
    for (; end < distances.length && distances[end] === distances[start]; end++) {
      sum += weights[end] * alike[end];
      weight += weights[end];
    }
    starts.push(start);
    values.push(sum / weight);
    sums.push(weight);
  }
  return { starts: [...starts, distances.length], values, weights: sums };
}

function blockOf(distances: Float64Array, alike: Uint8Array, start: number, end: number): Block {
  let count = 0;
  for (let i = start; i < end; i++) count += alike[i];
  return { from: distances[start], to: distances[end - 1], alike: count, unlike: end - start - count };
}

function join(a: Block, b: Block): Block {
  return { from: a.from, to: b.to, alike: a.alike + b.alike, unlike: a.unlike + b.unlike };
}

function isSmall(block: Block, counts: Counts): boolean {
  const weight = (0.5 * block.alike) / counts.alike + (0.5 * block.unlike) / counts.unlike;
  return block.alike + block.unlike < fewestPairs || weight < leastWeight;
}

function smoothedShare(block: Counts, counts: Counts): number {
  const alike = (block.alike + 0.5) / (counts.alike + 1);
  const unlike = (block.unlike + 0.5) / (counts.unlike + 1);
  return alike / (alike + unlike);
}
