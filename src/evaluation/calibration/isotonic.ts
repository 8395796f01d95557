/** Neighbouring numbers that a monotone fit gives one value. */
export interface IsotonicBlock {
  /** Place of the first, and the place behind the last. */
  readonly start: number;
  readonly end: number;
  /** The weighted mean of the numbers. */
  readonly value: number;
  readonly weight: number;
}

/**
 * The non-rising numbers closest to the given ones by weighted squares, as blocks of one value each: values of blocks fall
 * strictly. Pools neighbours that rise until none do, in time linear in the numbers.
 *
 * Shapes: `values[i]` with weight `weights[i] > 0`.
 *
 * Source: pool adjacent violators, Ayer et al. 1955; Zadrozny and Elkan, "Transforming classifier scores into accurate
 * multiclass probability estimates", 2002, for calibration.
 */
export function isotonicBlocks(values: ArrayLike<number>, weights: ArrayLike<number>): IsotonicBlock[] {
  const blocks: IsotonicBlock[] = [];
  for (let place = 0; place < values.length; place++) {
    let block: IsotonicBlock = { start: place, end: place + 1, value: values[place], weight: weights[place] };
    for (let last = blocks.at(-1); last !== undefined && last.value <= block.value; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      const value = (last.value * last.weight + block.value * block.weight) / weight;
      block = { start: last.start, end: block.end, value, weight };
    }
    blocks.push(block);
  }
  return blocks;
}
