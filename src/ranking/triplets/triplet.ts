/** Three images by index, by default any number that counts images: the positive is more like the query than the negative is. */
export interface Triplet<Index extends number = number> {
  readonly query: Index;
  readonly positive: Index;
  readonly negative: Index;
}
