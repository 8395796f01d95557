import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { stamp } from '../../../test/support/store-stamp.ts';
import type { VectorStoreKind } from './vector-store.ts';

const hashOf = (n: number) => n.toString(16).padStart(64, '0');
/** Every byte, also those that end a text, in an order that the number gives. */
const webpOf = (n: number, length = 700) => Buffer.from(Uint8Array.from({ length }, (_, place) => place * 7 + n));

/** What every kind of vector store has to do with small pictures. */
export function storedThumbnailsContract(name: string, kind: VectorStoreKind, newUri: () => string): void {
  describe(`the contract of thumbnails: ${name}`, () => {
    it('has none until some are wanted, and keeps them for whoever opens it next', async () => {
      const uri = newUri();
      await using store = await kind.open(uri, stamp, { create: true });
      expect(await store.thumbnails()).toBeUndefined();
      await store.write(async () => {
        await using made = await store.thumbnails(true);
        expect(await made?.hashes()).toEqual(new Set());
        await made?.put([]);
        await made?.put([1, 2, 3].map((n) => ({ contentHash: hashOf(n), webp: webpOf(n) })));
        await made?.put([{ contentHash: hashOf(2), webp: webpOf(20, 3) }]);
        await made?.remove([hashOf(3), hashOf(9)]);
        await made?.tidy();
      });
      await using other = await kind.open(uri, stamp);
      for (const create of [false, true]) {
        await using kept = await other.thumbnails(create);
        expect(await kept?.hashes()).toEqual(new Set([hashOf(1), hashOf(2)]));
        expect((await kept?.read(hashOf(1)))?.equals(webpOf(1))).toBe(true);
        expect((await kept?.read(hashOf(2)))?.equals(webpOf(20, 3))).toBe(true);
        expect(await kept?.read(hashOf(3))).toBeUndefined();
      }
      // They are no images of the store.
      expect(await other.count()).toBe(0);
    });

    it('keeps many, and stays when every row is replaced', async () => {
      const uri = newUri();
      await using store = await kind.open(uri, stamp, { create: true });
      const all = Array.from({ length: 1100 }, (_, n) => ({ contentHash: hashOf(n), webp: webpOf(n, 20) }));
      await store.write(async (writer) => {
        await using made = await store.thumbnails(true);
        await made?.put(all);
        await made?.remove(all.slice(0, 1050).map(({ contentHash }) => contentHash));
        await writer.replace({ ...stamp, modelId: 'b'.repeat(64) }, []);
      });
      await using other = await kind.open(uri, { ...stamp, modelId: 'b'.repeat(64) });
      await using kept = await other.thumbnails();
      expect(await kept?.hashes()).toEqual(new Set(all.slice(1050).map(({ contentHash }) => contentHash)));
      expect((await kept?.read(hashOf(1099)))?.equals(webpOf(1099, 20))).toBe(true);
    });
  });
}
