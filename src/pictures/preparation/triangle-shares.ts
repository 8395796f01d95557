/** For each output place of a triangle filter, the input places that it mixes and in which shares. */
export interface TriangleShares {
  /** First input place of each output place. */
  readonly first: Int32Array;
  /** How many input places each output place mixes. */
  readonly count: Int32Array;
  /** `taps` shares an output place, of sum 1; those beyond its `count` are 0. */
  readonly share: Float64Array;
  readonly taps: number;
}

/**
 * The antialiased triangle filter with half-pixel centres: output place `i` lies at `c = (i + 0.5) * s` of the input,
 * `s = input / output`, and weighs input place `j` with `max(0, 1 - |j + 0.5 - c| / max(s, 1))`, the weights scaled to the
 * sum 1; places outside do not count. Of the output places those from `from` on, `places` of them; default: all.
 */
export function triangleShares(input: number, output: number, from = 0, places = output): TriangleShares {
  const scale = input / output;
  const support = Math.max(scale, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(places);
  const count = new Int32Array(places);
  const share = new Float64Array(places * taps);
  for (let place = 0; place < places; place++) {
    const centre = (from + place + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(input, Math.trunc(centre + support + 0.5));
    first[place] = start;
    count[place] = end - start;
    let sum = 0;
    for (let tap = 0; tap < end - start; tap++) {
      const height = Math.max(0, 1 - Math.abs(tap + start - centre + 0.5) * (1 / support));
      share[place * taps + tap] = height;
      sum += height;
    }
    for (let tap = 0; tap < end - start; tap++) share[place * taps + tap] /= sum;
  }
  return { first, count, share, taps };
}
