import fc from 'fast-check';
import { LookalikeError } from '../../src/foundation/errors/lookalike-error.ts';

/** A reader of files that strangers may have made, and files to try it with. */
export interface FuzzTarget {
  /** By which `npm run fuzz -- <name>` finds it. */
  readonly name: string;
  /** Bytes of files: damaged ones, and whole ones that say something absurd. */
  readonly files: fc.Arbitrary<Uint8Array>;
  /** Reads one. What it throws has to be an `Error` made for people. */
  read(bytes: Uint8Array): unknown;
}

/** Most that reading one file may take: seconds of the clock, and bytes of arrays beyond what was there before. */
const bounds = { seconds: 10, bytes: 2 ** 27 } as const;

/**
 * Reads many files and checks of each: it is read, or refused with an error that says something; no other kind of error, no
 * crash; within bounds of time and memory.
 *
 * @returns how many were read and how many were refused.
 * @throws with the smallest file that fails, its seed and path, as fast-check says them.
 */
export async function fuzz(
  target: FuzzTarget,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Promise<{ readonly read: number; readonly refused: number }> {
  const counts = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(target.files, async (bytes) => {
      const started = performance.now();
      const before = process.memoryUsage().arrayBuffers;
      try {
        await target.read(bytes);
        counts.read++;
      } catch (error) {
        counts.refused++;
        expectForPeople(error);
      }
      const seconds = (performance.now() - started) / 1000;
      if (seconds > bounds.seconds) throw new Error(`reading ${bytes.length} bytes took ${seconds.toFixed(1)} s`);
      const grown = process.memoryUsage().arrayBuffers - before;
      if (grown > bounds.bytes) throw new Error(`reading ${bytes.length} bytes took ${grown} bytes of memory`);
    }),
    { numRuns: runs, seed },
  );
  return counts;
}

/** An error of our own making: neither a TypeError nor a RangeError of the language, nor one without words. */
function expectForPeople(error: unknown): void {
  const ours = error instanceof LookalikeError || (error instanceof Error && error.constructor === Error);
  if (ours && error.message.trim() !== '') return;
  throw new Error(`not an error for people: ${error instanceof Error ? error.stack : String(error)}`);
}
