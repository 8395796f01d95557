import type { Tensor } from '../../graph/tensor/tensor.ts';
import type { Program } from '../engine.ts';

/** Runs of each that are timed, at most and at least, and the milliseconds from which on no more are begun. */
const limits = { most: 5, least: 2, milliseconds: 1500 } as const;

/** A ratio so many times on one side of what it is compared with is not measured further. */
const clear = 1.15;

/**
 * How many times as fast the second program is as the first: the least time of each, of runs by turns, after one that does not
 * count. On a machine that does other things the least time is the one that says most.
 *
 * @param feeds inputs of a run, made anew for each.
 * @param threshold what the ratio will be compared with: where it is clearly above or below, the fewest runs do.
 */
export async function speedRatio(
  first: Program,
  second: Program,
  feeds: () => Readonly<Record<string, Tensor>>,
  threshold?: number,
): Promise<number> {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const begun = performance.now();
  for (let round = 0; round <= limits.most; round++) {
    const enough = performance.now() - begun > limits.milliseconds || isClear(least[0] / least[1], threshold);
    if (round > limits.least && enough) break;
    for (const [side, program] of [first, second].entries()) {
      const fed = feeds();
      const started = performance.now();
      await program.run(fed);
      if (round > 0) least[side] = Math.min(least[side], performance.now() - started);
    }
  }
  return least[0] / least[1];
}

function isClear(ratio: number, threshold: number | undefined): boolean {
  return threshold !== undefined && (ratio > clear * threshold || ratio * clear < threshold);
}
