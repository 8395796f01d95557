import { UsageError } from '../../foundation/errors/usage-error.ts';

/** @throws if two vectors that a distance is asked for differ in length. */
export function checkLengths(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length) return;
  throw new UsageError(
    `a distance needs two vectors of one length, got ${a.length} and ${b.length} elements: ` +
      'embed both images with the same model',
    { path: 'b', expected: `${a.length} elements`, value: b.length },
  );
}
