import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PostgresQueries } from './connection.ts';
import { PostgresLock } from './lock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('keeps one connection at most for its signs of life, however long a transaction has the row', async () => {
  const waiting: (() => void)[] = [];
  const server: PostgresQueries = {
    query: async (text) => {
      if (text.startsWith('UPDATE')) await new Promise<void>((resolve) => waiting.push(resolve));
      return { rows: [], changed: 1 };
    },
  };
  const lock = await PostgresLock.take(server, 'shop_about', 'postgres://host/shop', {});
  await vi.advanceTimersByTimeAsync(300_000);
  expect(waiting.length).toBe(1);
  waiting[0]();
  await vi.advanceTimersByTimeAsync(3000);
  expect(waiting.length).toBe(2);
  waiting[1]();
  await lock.release();
});
