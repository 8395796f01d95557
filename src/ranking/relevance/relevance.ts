/**
 * How alike two images are: `r[i,j]`, a finite number of at least 0, larger for more alike, the same in both directions. It
 * is asked only of two different images of one category; for images of different categories it is 0 by definition.
 *
 * Source: Wang et al. 2014, section 5.1.
 */
export type PairRelevance = (a: number, b: number) => number;

/** Graded relevance of images, which are counted from 0. */
export interface Relevance {
  /** The category of each image: whole numbers. */
  readonly categories: Int32Array;
  readonly between: PairRelevance;
  /** `r[i]`: the sum of `r[i,j]` over all other images of the category. */
  readonly totals: Float64Array;
  /** How many of the totals are estimates from a sample of the category; 0 where all are exact sums. */
  readonly estimatedTotals: number;
}
