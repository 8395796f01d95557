import type { Finished } from './lookalike.ts';

/** What a command printed, but for the progress lines that a slow machine gets to see on standard error. */
export function withoutProgress<T extends Pick<Finished, 'stderr'>>(finished: T): T {
  return { ...finished, stderr: finished.stderr.replace(/^[a-z ]+: \d+ of \d+ .*\n/gim, '') };
}
