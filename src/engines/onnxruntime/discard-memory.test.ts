import { describe, expect, it } from 'vitest';
import { discardMemory } from './discard-memory.ts';

describe('discardMemory', () => {
  it('takes an array its elements, and the process its memory', async () => {
    const discard = await discardMemory();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 20; i++) {
      const data = new Float32Array(8_000_000).fill(1);
      discard(data);
      expect(data.length).toBe(0);
    }
    // 20 arrays of 32 MB would be 640 MB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
  });

  it('leaves alone what has no memory of its own', async () => {
    const discard = await discardMemory();
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    discard(shared);
    discard(['text']);
    expect(shared.length).toBe(3);
  });
});
