import { InternalError } from '../../foundation/errors/internal-error.ts';
/** The middle of some numbers; of an even count the mean of the two in the middle. @throws if there are none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new InternalError('the median of no numbers is not defined');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
