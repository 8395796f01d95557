import { UsageError } from '../../foundation/errors/usage-error.ts';

/** The vectors that a query is made of, all of one length. At least one of the first two kinds is there. */
export interface QueryVectors {
  /** What is looked for. */
  readonly queries: readonly Float32Array[];
  /** Like these, too. */
  readonly like: readonly Float32Array[];
  /** Not like these. */
  readonly unlike: readonly Float32Array[];
}

/** The weights of queries, of likes and of unlikes: Manning, Raghavan, Schuetze, Introduction to Information Retrieval, 9.1.1. */
const weights = { queries: 1, like: 0.75, unlike: 0.15 } as const;

/**
 * The vector to search by. Of a single query it is that one's own; else, with the means of each kind (Rocchio 1971),
 *
 * `mean(queries) + 0.75 mean(like) - 0.15 mean(unlike)`, scaled to length 1.
 *
 * @throws UsageError if the sum has no direction.
 */
export function combinedVector({ queries, like, unlike }: QueryVectors): Float32Array {
  const all = [...queries, ...like, ...unlike];
  if (all.length === 1) return all[0];
  const parts = [
    { share: weights.queries, of: queries },
    { share: weights.like, of: like },
    { share: -weights.unlike, of: unlike },
  ];
  const sum = new Float64Array(all[0].length);
  for (const { share, of } of parts) {
    for (const vector of of) for (let d = 0; d < sum.length; d++) sum[d] += (share * vector[d]) / of.length;
  }
  const length = Math.hypot(...sum);
  if (length > 1e-9) return Float32Array.from(sum, (x) => x / length);
  throw new UsageError('the examples cancel each other out: leave one of them', {
    path: 'unlike',
    expected: 'other pictures than those that are looked for',
  });
}
