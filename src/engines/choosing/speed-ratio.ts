import type { Tensor } from '../../graph/tensor/tensor.ts';
import type { Program } from '../engine.ts';

/** Runs of each that are timed, at most and at least, and the milliseconds from which on no more are begun. */
const limits = { most: 5, least: 2, milliseconds: 1500 } as const;

/**
 * How many times as fast the second program is as the first: the least time of each, of runs by turns, after one that does not
 * count. On a machine that does other things the least time is the one that says most.
 *
 * @param feeds inputs of a run, made anew for each.
 */
export async function speedRatio(
  first: Program,
  second: Program,
  feeds: () => Readonly<Record<string, Tensor>>,
): Promise<number> {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const begun = performance.now();
  for (let round = 0; round <= limits.most; round++) {
    if (round > limits.least && performance.now() - begun > limits.milliseconds) break;
    for (const [side, program] of [first, second].entries()) {
      const fed = feeds();
      const started = performance.now();
      await program.run(fed);
      if (round > 0) least[side] = Math.min(least[side], performance.now() - started);
    }
  }
  return least[0] / least[1];
}
