import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz-target.ts';
import { fuzzTargets } from './targets.ts';

/** Set by `npm run fuzz`; without it, some hundred cases that are the same every time. */
const { FUZZ_TARGET, FUZZ_RUNS = '400', FUZZ_SEED = '1' } = process.env;
const [runs, seed] = [Number(FUZZ_RUNS), Number(FUZZ_SEED)];

describe('damaged and absurd files', () => {
  it.each(fuzzTargets.filter(({ name }) => name === (FUZZ_TARGET ?? name)))(
    '$name: are refused with a clear error, or read, in bounded time and memory',
    async (target) => {
      const { read, refused } = await fuzz(target, { runs, seed });
      if (FUZZ_TARGET !== undefined) {
        process.stdout.write(`${target.name}: ${read} of ${runs} files read, ${refused} refused; seed ${seed}\n`);
      }
      expect(read + refused).toBe(runs);
      // Both happen: files that are never read, or never refused, would try nothing.
      expect(Math.min(read, refused)).toBeGreaterThan(runs / 100);
    },
    3_600_000,
  );
});
