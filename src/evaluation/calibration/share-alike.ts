import { numberFrom, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import type { Calibration } from './calibration.ts';

/** Shares between which nobody should rely on either answer: alike above `from`, unlike below `to`. */
export const unsureShares = { from: 0.8, to: 0.2 } as const;

const calibrationRule = valueLike<Calibration>(
  'a calibration',
  (value) => typeof value === 'object' && value !== null && 'steps' in value && 'baseRate' in value,
  'that of a model is model.model.metadata.calibration, which is undefined where it has none',
);

/** What a calibration says of a pair of images at a distance. */
export type AlikeShare = {
  /** Share of pairs at this distance that were alike, had half of all pairs been alike. */
  readonly balanced: number;
  /** Share of pairs at this distance that were alike, among all pairs as they came. */
  readonly natural: number;
  /** Pairs near this distance that it rests on. */
  readonly pairs: number;
  /** By the balanced share: `alike` above 0.8, `unlike` below 0.2, else `unsure`. */
  readonly verdict: 'alike' | 'unsure' | 'unlike';
};

/**
 * The share of pairs at a distance that were alike.
 *
 * Formula: the balanced share `b` is read off the curve, linear between its steps and constant beyond them. Among all pairs,
 * of which a share `r` is alike, the odds are `b / (1 - b) * r / (1 - r)`: alike and unlike pairs at this distance keep their
 * proportions within their kinds. Two images that somebody picked to compare are closer to the first; a neighbour that a
 * search dug out of a whole gallery is closer to the second.
 */
export function shareAlike(calibration: Calibration, distance: number): AlikeShare {
  checkArgument(calibration, calibrationRule, 'calibration');
  checkArgument(distance, numberFrom(0), 'distance');
  const { steps, baseRate } = calibration;
  const above = steps.findIndex(({ to }) => to >= distance);
  const after = above < 0 ? steps[steps.length - 1] : steps[above];
  const before = above <= 0 ? after : steps[above - 1];
  const inside = before === after || distance >= after.from;
  const way = inside ? 1 : (distance - before.to) / (after.from - before.to);
  const balanced = before.share + way * (after.share - before.share);
  const nearest = way < 0.5 ? before : after;
  const [alike, unlike] = [balanced * baseRate, (1 - balanced) * (1 - baseRate)];
  return {
    balanced,
    natural: alike + unlike === 0 ? balanced : alike / (alike + unlike),
    pairs: nearest.alike + nearest.unlike,
    verdict: balanced > unsureShares.from ? 'alike' : balanced < unsureShares.to ? 'unlike' : 'unsure',
  };
}
