import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type Block } from './arena.ts';

const mebibyte = 2 ** 20;

describe('Arena', () => {
  it('takes larger and larger regions, and touches only what is in use', () => {
    const arena = new Arena();
    arena.allocate(300_000);
    expect(arena.touchedBytes).toBe(300_000);
    // Behind it in the first region of 1 MiB, from the next multiple of 256 on.
    arena.allocate(200_000);
    expect(arena.touchedBytes).toBe(300_032 + 200_000);
    // In a second region, of 4 MiB.
    arena.allocate(3 * mebibyte);
    expect(arena.touchedBytes).toBe(300_032 + 200_000 + 3 * mebibyte);
  });

  it('uses the smallest free chunk again, whole unless it is twice as large', () => {
    const arena = new Arena();
    const [small, between, large] = [100, 1, 300].map((kibibytes) => arena.allocate(kibibytes * 1024));
    arena.free(small);
    arena.free(large);
    const again = arena.allocate(60 * 1024);
    expect([again.start, again.bytes]).toEqual([small.start, 100 * 1024]);
    const half = arena.allocate(140 * 1024);
    expect([half.start, half.bytes]).toEqual([between.start + between.bytes, 140 * 1024]);
    expect(arena.touchedBytes).toBe(401 * 1024);
  });

  it('joins neighbours that are free', () => {
    const arena = new Arena();
    const blocks = [1, 2, 3, 4].map(() => arena.allocate(200_000));
    for (const place of [0, 2, 1]) arena.free(blocks[place]);
    const joined = arena.allocate(600_000);
    expect(joined.start).toBe(0);
    expect(arena.touchedBytes).toBe(3 * 200_192 + 200_000);
  });

  it('never hands out memory twice', () => {
    const request = fc.record({
      bytes: fc.integer({ min: 1, max: 3 * mebibyte }),
      frees: fc.nat(3),
      which: fc.nat(99),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
        const arena = new Arena();
        const blocks: { requested: number; block: Block }[] = [];
        for (const { bytes, frees, which } of requests) {
          const block = arena.allocate(bytes);
          expect(block.bytes).toBeGreaterThanOrEqual(bytes);
          for (const { block: other } of blocks) {
            const apart = other.start + other.bytes <= block.start || block.start + block.bytes <= other.start;
            expect(other.region !== block.region || apart).toBe(true);
          }
          blocks.push({ requested: bytes, block });
          for (let i = 0; i < frees && blocks.length > 0; i++)
            arena.free(blocks.splice(which % blocks.length, 1)[0].block);
        }
        const touched = arena.touchedBytes;
        expect(touched).toBeGreaterThanOrEqual(blocks.reduce((sum, block) => sum + block.requested, 0));
        for (const block of blocks) arena.free(block.block);
        expect(arena.touchedBytes).toBe(touched);
      }),
    );
  });
});
