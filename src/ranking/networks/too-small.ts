import { UsageError } from '../../foundation/errors/usage-error.ts';

/** The error of pictures that a network leaves nothing of: both their sides need `least` pixels, the shorter one has `side`. */
export function tooSmall(message: string, least: number, side: number): UsageError {
  return new UsageError(message, { path: 'choices.size', expected: `at least ${least}`, value: side });
}
