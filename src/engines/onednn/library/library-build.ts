import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { runtime } from './constants.ts';

/** What a library says of itself. */
export interface LibraryBuild {
  readonly version: readonly [major: number, minor: number, patch: number];
  /** Who brings the threads; see `runtime`. */
  readonly threading: number;
}

/** Where a right library comes from; every refusal ends in it. */
export const howToInstall =
  'pip install onednn-cpu-gomp==2023.2.0 has one for x86-64 (its file is lib/libdnnl.so.3 of that environment), conda-forge ' +
  'onednn-cpu-omp and onednn-cpu-tbb; LOOKALIKE_ONEDNN names the file; docs/engines.md has more';

/**
 * Refuses a library that cannot be called as version 3 is, or whose threads are not its own: builds for SYCL, for a pool of
 * threads that a C++ program brings, and for one thread.
 *
 * @throws EngineError naming the file, what it is and where a right one comes from.
 */
export function checkBuild(file: string, { version, threading }: LibraryBuild): void {
  const name = `'${file}' is oneDNN ${version.join('.')}`;
  if (version[0] !== 3) {
    throw new EngineError(`${name}; version 3 is needed, whose functions are others: ${howToInstall}`);
  }
  if (threading === runtime.openMp || threading === runtime.tbb) return;
  const built =
    threading === runtime.threadPool
      ? "for threads that a C++ program brings ('-threadpool')"
      : threading === runtime.sequential
        ? 'for one thread'
        : 'for SYCL, which needs drivers of its own';
  throw new EngineError(`${name}, built ${built}; a build for OpenMP or TBB is needed: ${howToInstall}`);
}
