import { expect, it } from 'vitest';
import type { NeighbourBlock } from '../../../evaluation/neighbours/neighbour-block.ts';
import { extremeQueries } from './extreme-queries.ts';

/** All others of each row by their distance on a line. */
function onALine(places: readonly number[]): NeighbourBlock[] {
  const k = places.length - 1;
  const near = places.map((place, row) =>
    places
      .map((other, at) => ({ at, distance: Math.abs(other - place) }))
      .filter(({ at }) => at !== row)
      .sort((a, b) => a.distance - b.distance || a.at - b.at),
  );
  const all = near.flat();
  const whole = {
    k,
    indexes: Int32Array.from(all, ({ at }) => at),
    distances: Float32Array.from(all, ({ distance }) => distance),
  };
  const half = Math.floor(places.length / 2);
  return [
    {
      firstQuery: 0,
      queryCount: half,
      k,
      indexes: whole.indexes.slice(0, half * k),
      distances: whole.distances.slice(0, half * k),
    },
    {
      firstQuery: half,
      queryCount: places.length - half,
      k,
      indexes: whole.indexes.slice(half * k),
      distances: whole.distances.slice(half * k),
    },
  ];
}

it('finds the queries of highest and lowest MAP@R, one of a class, the plainest first', () => {
  // Class 0 lies apart from all; classes 1 and 2 are mixed; the last is alone in its class.
  const places = [0, 1, 100, 101, 103, 102, 300];
  const labels = [0, 0, 1, 2, 1, 2, 3];
  // 2 (at 100) finds 101 first, 3 (at 101) finds 100 and 102 at one distance, 4 (at 103) 102, 5 (at 102) 101.
  const { best, worst } = extremeQueries(onALine(places), labels, 2);
  expect(best).toEqual([0, 5]);
  expect(worst).toEqual([4, 3]);
});

it('shows no query on both sides, and none where there are no pairs', () => {
  const few = extremeQueries(onALine([0, 1, 5]), [0, 0, 1], 4);
  expect(few).toEqual({ best: [0], worst: [1] });
  expect(extremeQueries(onALine([0, 1, 5]), [0, 1, 2], 4)).toEqual({ best: [], worst: [] });
});
