import { readFileSync } from 'node:fs';

/** What engines, allocators and loaders say where no memory is to be had, whatever the reason. */
const outOfMemory =
  /out of memory|cannot allocate|allocation failed|failed to map|cannot map|bad_alloc|ENOMEM|cannot create thread|resource temporarily unavailable/i;

/**
 * Why memory is short: a line on the limit of this process's address space (`ulimit -v`), with what to do; undefined if there
 * is no such limit, the system does not tell, or none of the error's causes speaks of memory.
 */
export function memoryLimitReason(error: unknown): string | undefined {
  const bytes = addressSpaceLimit();
  if (bytes === undefined || !causesOf(error).some((cause) => outOfMemory.test(cause))) return undefined;
  return `the address space of this process is limited to ${(bytes / 1e9).toFixed(1)} GB (ulimit -v); raise the limit and try again`;
}

/** Bytes that this process may map; undefined where that is not limited or not known. */
function addressSpaceLimit(): number | undefined {
  try {
    const limit = /^Max address space\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return limit === null ? undefined : Number(limit[1]);
  } catch {
    return undefined;
  }
}

/** The messages of an error and of everything it comes from. */
function causesOf(error: unknown): string[] {
  if (Array.isArray(error)) return error.flatMap(causesOf);
  if (!(error instanceof Error)) return [];
  return [error.message, ...causesOf(error.cause)];
}
