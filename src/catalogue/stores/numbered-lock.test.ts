import { expect, it } from 'vitest';
import { NumberedLock, type NumberPlace } from './numbered-lock.ts';

/** Numbers in memory; `stale` answers are of before any was taken, as a machine gives them that was away. */
function place() {
  const taken = new Set<number>();
  const told = new Map<number, string>();
  const numbers: NumberPlace & { stale: number } = {
    stale: 0,
    async numbers() {
      return numbers.stale-- > 0 ? [] : [...taken];
    },
    async take(number) {
      if (taken.has(number)) return false;
      taken.add(number);
      return true;
    },
    async drop(number) {
      taken.delete(number);
    },
    async tell(number, text) {
      told.set(number, text);
    },
    told: async (number) => told.get(number),
  };
  return numbers;
}

it('a lock is not lost where somebody does not know of it yet, and is where a higher number was taken', async () => {
  const numbers = place();
  const lock = await NumberedLock.take('x', numbers, {});
  numbers.stale = 3;
  await lock.check();
  expect(numbers.stale).toBeLessThan(0);
  await numbers.take(2);
  await expect(lock.check()).rejects.toThrow('somebody took its lock: begin again');
  await lock.release();
});
