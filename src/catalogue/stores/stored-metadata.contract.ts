import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { anyFilter, filterText, metadataFields } from '../../../test/fixtures/random-filters.ts';
import { stamp } from '../../../test/support/store-stamp.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { bindFilter } from '../filters/bind-filter.ts';
import { matchesFilter } from '../filters/matches-filter.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { StoreStamp } from './store-stamp.ts';
import type { StoredVector, VectorStore, VectorStoreKind } from './vector-store.ts';

const random = RandomSource.fromSeed(31);

function row(id: string, metadata?: Metadata, addedFrom?: string): StoredVector {
  const vector = Float32Array.from({ length: stamp.dimension }, () => random.normal());
  return { id, contentHash: `hash of ${id}`, modifiedAt: 5, byteLength: 6, metadata, addedFrom, vector };
}

const shoes: Metadata = {
  class: 'shoes',
  price: 49.5,
  sold: false,
  since: new Date('2024-03-01T12:00:00.250Z'),
  tags: ['new', 'it\'s, "so"'],
  'Größe; DROP TABLE "images"': 42,
};

/** What every kind of store has to do with what is known of images beside their vectors. */
export function storedMetadataContract(
  name: string,
  kind: VectorStoreKind,
  newUri: () => string,
  mostRuns = Number.POSITIVE_INFINITY,
): void {
  describe(`the store contract on metadata: ${name}`, () => {
    const opened: VectorStore[] = [];
    const open = async (uri: string, wanted = stamp) => {
      const store = await kind.open(uri, wanted, { create: true });
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    it('keeps values of every kind, and where an image was added from', async () => {
      const uri = newUri();
      const store = await open(uri);
      const rows = [
        row('a', shoes),
        row('b', { price: -0 }, ''),
        row('c', { sold: true, tags: [] }, "/it's/c.jpg"),
        row('d'),
      ];
      await store.write((writer) => writer.put(rows));
      await store.close();
      const again = await open(uri);
      const images = await again.images();
      expect(images.map(({ metadata }) => metadata)).toEqual([shoes, { price: 0 }, { sold: true }, undefined]);
      expect(images.map(({ addedFrom }) => addedFrom)).toEqual([undefined, '', "/it's/c.jpg", undefined]);
      expect((await again.fields()).map((field) => `${field.name}: ${field.kind}`)).toEqual([
        'Größe; DROP TABLE "images": number',
        'class: text',
        'price: number',
        'since: date',
        'sold: flag',
        'tags: list',
      ]);
      const [found] = await again.search(rows[0].vector, 1);
      expect(found).toEqual({ id: 'a', distance: 0, metadata: shoes });
    });

    it('replaces a row with all that was known of it', async () => {
      const store = await open(newUri());
      await store.write((writer) => writer.put([row('a', shoes, 'x'), row('b', shoes)]));
      await store.write((writer) => writer.put([row('a', { colour: 'red' })]));
      await store.write((writer) => writer.put([row('b')]));
      const [a, b] = await store.images();
      expect(a.metadata).toEqual({ colour: 'red' });
      expect(a.addedFrom).toBeUndefined();
      expect(b.metadata).toBeUndefined();
      expect((await store.fields()).map((field) => field.name)).toContain('tags');
    });

    it('describes images again and leaves their vectors; ids that are not there are passed over', async () => {
      const store = await open(newUri());
      const [a, b] = [row('a', shoes), row('b')];
      await store.write((writer) => writer.put([a, b]));
      const { vector: _, ...known } = b;
      const described = { ...known, modifiedAt: 77, metadata: { price: 3 } };
      await store.write((writer) => writer.describe([described, { ...known, id: 'never there' }]));
      await store.write((writer) => writer.describe([]));
      expect((await store.images()).map(({ id, modifiedAt }) => [id, modifiedAt])).toEqual([
        ['a', 5],
        ['b', 77],
      ]);
      expect(await store.search(b.vector, 1)).toEqual([{ id: 'b', distance: 0, metadata: { price: 3 } }]);
    });

    it('refuses a value of another kind than its field, and writes nothing of that call', async () => {
      const store = await open(newUri());
      await store.write((writer) => writer.put([row('a', shoes)]));
      const mixed = store.write((writer) => writer.put([row('b', { price: 3 }), row('c', { price: 'cheap' })]));
      await expect(mixed).rejects.toThrow(/the field 'price' of the store .* holds numbers, and 'c' has texts there/);
      const wrong = store.write((writer) => writer.put([row('d', { price: Number.NaN })]));
      await expect(wrong).rejects.toThrow(
        "the value of 'price' is not a finite number, in the metadata of the image 'd'",
      );
      expect(await store.count()).toBe(1);
    });

    it('gives rows with the vectors that were put', async () => {
      const store = await open(newUri());
      const rows = ['c', 'a', "it's"].map((id) => row(id, shoes));
      await store.write((writer) => writer.put(rows));
      expect(await store.rows(["it's", 'a', 'never there'])).toEqual([rows[1], rows[2]]);
      expect(await store.rows([])).toEqual([]);
      const scanned: StoredVector[] = [];
      for await (const some of store.scan()) scanned.push(...some);
      expect(scanned.sort((x, y) => (x.id < y.id ? -1 : 1))).toEqual([rows[1], rows[0], rows[2]]);
    });

    it.runIf(kind.distances.includes('hamming'))('gives the signs of vectors of which it keeps no more', async () => {
      const store = await open(newUri(), { ...stamp, dimension: 20, distance: 'hamming' });
      const vector = Float32Array.from({ length: 20 }, () => random.normal());
      await store.write((writer) => writer.put([{ ...row('a'), vector }]));
      const [found] = await store.rows(['a']);
      expect(found.vector).toEqual(vector.map((x) => (x > 0 ? 1 : -1)));
      await store.write((writer) => writer.put([found]));
      expect((await store.search(vector, 1))[0].distance).toBe(0);
    });

    it('lets through just those images that a filter is true of, in lists and in searches', async () => {
      const store = await open(newUri());
      const texts = ['shoes', "it's", '', 'ä', '\u{1f45f}', '\uff5e', 'SHOES'];
      const rows = Array.from({ length: 90 }, (_, index) => {
        const some = <T>(values: readonly T[]) => values[random.integer(values.length)];
        return row(`${some(texts)}/${index}`, {
          ...(random.integer(4) === 0 ? {} : { class: some(texts) }),
          ...(random.integer(4) === 0 ? {} : { price: some([0, -1.5, 2, 1e300, 0.1]) }),
          ...(random.integer(3) === 0 ? {} : { sold: random.integer(2) === 0 }),
          ...(random.integer(3) === 0 ? {} : { since: new Date(some([0, 1709294400250, -1])) }),
          ...(random.integer(3) === 0 ? {} : { tags: [some(texts), some(texts)] }),
        });
      });
      await store.write((writer) => writer.put(rows));
      expect(await store.fields()).toEqual(metadataFields);
      const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
      await fc.assert(
        fc.asyncProperty(anyFilter, async (filter) => {
          const bound = bindFilter(filter, metadataFields);
          const expected = sorted.filter((image) => matchesFilter(bound, image)).map(({ id }) => id);
          const listed = await store.images({ where: filter });
          expect(listed.map(({ id }) => id)).toEqual(expected);
          const found = await store.search(rows[0].vector, 1000, { where: filterText(filter) });
          expect(found.map(({ id }) => id).sort()).toEqual([...expected].sort());
        }),
        { numRuns: Math.min(150, mostRuns), seed: 32 },
      );
    });

    it('is made anew by another model at once; what was opened before is refused, notes and fields stay', async () => {
      const uri = newUri();
      const store = await open(uri);
      const [a, b] = [row('a', shoes), row('b')];
      await store.write((writer) => writer.put([a, b, row('gone')]));
      await store.write((writer) => writer.setNote('source', '/x'));
      const next: StoreStamp = { ...stamp, modelId: 'b'.repeat(64), dimension: 4, distance: 'cosine' };
      const vectors = [Float32Array.of(1, 0, 0, 0), Float32Array.of(0, 1, 0, 0)];
      const rows = [
        { ...a, vector: vectors[0] },
        { ...b, vector: vectors[1], metadata: { price: 2, extra: 'x' } },
      ];
      const short = store.write((writer) => writer.replace({ ...next, dimension: 5 }, rows));
      await expect(short).rejects.toThrow('has vectors of 5 dimensions');
      expect(await store.count()).toBe(3);
      await store.write((writer) => writer.replace(next, rows));
      await expect(store.search(a.vector, 1)).rejects.toThrow('was made anew by another model since it was opened');
      await expect(store.write((writer) => writer.put([a]))).rejects.toThrow('was made anew by another model');
      await expect(open(uri)).rejects.toThrow('was made with another model');
      expect(await kind.stampAt(uri)).toEqual(next);
      const again = await open(uri, next);
      expect(await again.note('source')).toBe('/x');
      expect((await again.fields()).map((field) => field.name)).toContain('sold');
      expect(await again.search(vectors[1], 5)).toMatchObject([
        { id: 'b', distance: 0, metadata: { price: 2, extra: 'x' } },
        { id: 'a', metadata: shoes },
      ]);
      await again.write((writer) => writer.put([{ ...b, id: 'c', vector: vectors[0] }]));
      await again.write((writer) => writer.tidy());
      expect((await again.images()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });

    it('takes nothing in a filter for more than a value', async () => {
      const store = await open(newUri());
      await store.write((writer) => writer.put([row('a', shoes), row('b', { class: "x' OR '1'='1" })]));
      const injected = "class = 'x'' OR ''1''=''1'";
      expect((await store.images({ where: injected })).map(({ id }) => id)).toEqual(['b']);
      const field = '"Größe; DROP TABLE ""images""" = 42';
      expect((await store.images({ where: field })).map(({ id }) => id)).toEqual(['a']);
      for (const where of [
        "class = 'a'; DROP TABLE images",
        "class = 'a' OR 1 = 1 --",
        'id = id',
        "lower(class) = 'a'",
      ]) {
        await expect(store.images({ where }), where).rejects.toThrow('the filter is wrong at character');
      }
      await expect(store.images({ where: "clas = 'shoes'" })).rejects.toThrow(
        "the filter is wrong at character 1, 'clas = 'shoes'': there is no field 'clas', expected one of id,",
      );
      await expect(store.images({ where: "clas = 'shoes'" })).rejects.toThrow('did you mean class?');
      expect(await store.count()).toBe(2);
    });

    it('puts images at one distance in the order of their ids, also where only some of them are asked for', async () => {
      const store = await open(newUri());
      const { vector } = row('x');
      const rows = Array.from({ length: 60 }, (_, index) => ({ ...row(`${(index * 37) % 60}`), vector }));
      await store.write((writer) => writer.put(rows));
      const ids = rows.map(({ id }) => id).sort();
      for (const k of [1, 7, 59, 60, 61]) {
        expect((await store.search(vector, k)).map(({ id }) => id)).toEqual(ids.slice(0, k));
      }
    });
  });
}
