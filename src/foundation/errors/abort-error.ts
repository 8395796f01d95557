import { LookalikeError } from './lookalike-error.ts';

/** Work was stopped by the signal that it was given; `cause` is the signal's reason. Its name is that of every such error. */
export class AbortError extends LookalikeError {
  readonly code = 'aborted';
}

/** @throws AbortError if there is a signal and it has been aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const { reason } = signal;
  throw new AbortError(reason instanceof Error ? reason.message : String(reason), { cause: reason });
}
