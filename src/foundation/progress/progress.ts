import { abortSignal, callback, type OptionRules, optional } from '../arguments/argument-rule.ts';
import { throwIfAborted } from '../errors/abort-error.ts';

/** How far long work is. */
export interface Progress {
  /** What is being done: `embedding`. Work of several parts says each in its turn. */
  readonly work: string;
  /** What is counted, in the plural: `images`. */
  readonly unit: string;
  readonly done: number;
  /** Of how many; undefined where that is not known beforehand. */
  readonly total: number | undefined;
}

/** Who hears of long work, and who may stop it. */
export interface LongWork {
  /** Told after each piece of the work how far it is. What it throws stops the work. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting stops the work before its next piece: the promise is rejected with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** What options of long work have to be. */
export const longWorkRules: OptionRules<LongWork> = {
  onProgress: optional(callback()),
  signal: optional(abortSignal()),
};

/** Tells that a piece of long work is done. @throws AbortError if the signal was aborted. */
export function advance({ onProgress, signal }: LongWork, progress: Progress): void {
  throwIfAborted(signal);
  onProgress?.(progress);
}

/** Who hears of long work as a part of other work, where it has another name: `embedding with the first model`. */
export function partOf({ onProgress, signal }: LongWork, work: string): LongWork {
  return { signal, onProgress: onProgress && ((progress) => onProgress({ ...progress, work })) };
}
