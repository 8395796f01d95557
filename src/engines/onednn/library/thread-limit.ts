import type { LibraryHandle } from 'koffi';
import { runtime } from './constants.ts';
import type { Koffi } from './koffi-package.ts';

/** `tbb::global_control::max_allowed_parallelism`, and the functions that make and end one. */
const mostThreads = 0;
const create = '_ZN3tbb6detail2r16createERNS0_2d114global_controlE';
const destroy = '_ZN3tbb6detail2r17destroyERNS0_2d114global_controlE';

/**
 * Has a library compute in at most so many threads. Returns what gives up the limit; OpenMP's stays with the calling thread.
 *
 * Source: oneTBB's `global_control` (value, a place of its own, which parameter), the same since version 2021.
 */
export function limitThreads(koffi: Koffi, library: LibraryHandle, threading: number, threads: number): () => void {
  if (threading === runtime.openMp) {
    library.func('omp_set_num_threads', 'void', ['int'])(threads);
    return () => undefined;
  }
  const control = BigInt64Array.of(BigInt(threads), 0n, BigInt(mostThreads));
  const [begin, end] = [create, destroy].map((name) => library.func(name, 'void', ['void *']));
  // TBB keeps the address: the array is kept by what ends the limit.
  begin(koffi.address(control));
  return () => end(koffi.address(control));
}
