/** Three images by index: the positive is more like the query than the negative is. */
export interface Triplet {
  readonly query: number;
  readonly positive: number;
  readonly negative: number;
}
