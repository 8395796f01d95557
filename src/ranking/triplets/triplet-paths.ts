/** A triplet as files: the positive is more like the query than the negative is. */
export interface TripletPaths {
  readonly query: string;
  readonly positive: string;
  readonly negative: string;
}

/** The columns of a triplet file, in the order in which they are written. */
export const tripletColumns = ['query', 'positive', 'negative'] as const;

/** What each of these columns may be called in a file: others call the query an anchor. */
export const tripletColumnNames: Readonly<Record<(typeof tripletColumns)[number], readonly string[]>> = {
  query: ['query', 'anchor'],
  positive: ['positive'],
  negative: ['negative'],
};
