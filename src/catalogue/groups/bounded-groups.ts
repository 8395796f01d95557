import type { NearPair } from './near-pairs.ts';

/** Rows that are all near each other. */
export interface BoundedGroup {
  /** Ascending. */
  readonly rows: readonly number[];
  /** The largest distance between two of them. */
  readonly diameter: number;
}

/**
 * Groups of rows every two of which are a near pair, so that the diameter of a group is at most the distance up to which pairs are
 * near: a chain of rows, each near the next, is no group. Pairs are taken in their order, the nearest first; the groups of its two
 * rows are joined if all of their pairs are near (complete linkage; Sorensen 1948). No two groups of the result could be joined.
 *
 * @param pairs all near pairs, the nearest first; see `nearPairs`.
 * @returns groups of two rows or more, in the order of their first rows.
 */
export function boundedGroups(pairs: readonly NearPair[]): BoundedGroup[] {
  const distances = new Map<number, Map<number, number>>();
  for (const { a, b, distance } of pairs) {
    neighboursOf(distances, a).set(b, distance);
    neighboursOf(distances, b).set(a, distance);
  }
  const groups = new Map<number, BoundedGroup>();
  const groupOf = (row: number) => groups.get(row) ?? { rows: [row], diameter: 0 };
  for (const { a, b } of pairs) {
    const [one, other] = [groupOf(a), groupOf(b)];
    if (one === other) continue;
    const across = largestAcross(one.rows, other.rows, distances);
    if (across === undefined) continue;
    const joined = {
      rows: [...one.rows, ...other.rows].sort((x, y) => x - y),
      diameter: Math.max(one.diameter, other.diameter, across),
    };
    for (const row of joined.rows) groups.set(row, joined);
  }
  return [...new Set(groups.values())].sort((x, y) => x.rows[0] - y.rows[0]);
}

function neighboursOf(distances: Map<number, Map<number, number>>, row: number): Map<number, number> {
  const known = distances.get(row) ?? new Map<number, number>();
  distances.set(row, known);
  return known;
}

/** The largest distance of a row of one group from a row of another; undefined if a pair of them is not near. */
function largestAcross(
  one: readonly number[],
  other: readonly number[],
  distances: ReadonlyMap<number, ReadonlyMap<number, number>>,
): number | undefined {
  let largest = 0;
  for (const a of one) {
    const near = distances.get(a);
    for (const b of other) {
      const distance = near?.get(b);
      if (distance === undefined) return undefined;
      largest = Math.max(largest, distance);
    }
  }
  return largest;
}
