import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { searchDistanceByName, searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import type { StoreStamp } from './store-stamp.ts';
import { storedMetadataContract } from './stored-metadata.contract.ts';
import { storedThumbnailsContract } from './stored-thumbnails.contract.ts';
import type { StoredVector, VectorStore, VectorStoreKind } from './vector-store.ts';

const stamp: StoreStamp = {
  modelId: 'a'.repeat(64),
  modelName: 'run/model.onnx',
  dimension: 8,
  distance: 'euclidean',
  preprocessing: '{"width":4,"height":4}',
};

/** Names that a careless store trips over. */
const awkwardIds = [
  "it's/a 'quote'.jpg",
  'with,comma "x".jpg',
  'ähnlich/图像 1.png',
  '-- ; DROP TABLE.jpg',
  'a%_b\\c.jpg',
];

/** Unit vectors of a stream. */
function randomRows(ids: readonly string[], random: RandomSource, dimension = stamp.dimension): StoredVector[] {
  return ids.map((id, index) => {
    const vector = Float32Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...vector);
    return {
      id,
      contentHash: `hash of ${id}`,
      modifiedAt: 1_700_000_000_000.25 + index,
      byteLength: 1000 + index,
      vector: vector.map((x) => x / length),
    };
  });
}

function withoutVector({ id, contentHash, modifiedAt, byteLength }: StoredVector) {
  return { id, contentHash, modifiedAt, byteLength };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

/**
 * What every kind of vector store has to do.
 *
 * @param newUri names a place where there is no store yet.
 * @param mostRuns of a property, for a medium whose code is tried elsewhere. Default: all.
 */
export function vectorStoreContract(
  name: string,
  kind: VectorStoreKind,
  newUri: () => string,
  mostRuns = Number.POSITIVE_INFINITY,
): void {
  storedMetadataContract(name, kind, newUri, mostRuns);
  storedThumbnailsContract(name, kind, newUri);
  describe(`the store contract: ${name}`, () => {
    const opened: VectorStore[] = [];
    const open = async (uri: string, wanted = stamp, create = true) => {
      const store = await kind.open(uri, wanted, { create });
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    it('keeps what it was given, for whoever opens it next', async () => {
      const uri = newUri();
      const rows = randomRows([...awkwardIds, 'b.jpg', 'a.jpg'], RandomSource.fromSeed(1));
      const store = await open(uri);
      expect(await store.count()).toBe(0);
      expect(await store.images()).toEqual([]);
      expect(await store.note('source')).toBeUndefined();
      await store.write((writer) => writer.put(rows));
      await store.write((writer) => writer.setNote('source', "/pictures/it's here"));
      await store.close();
      const again = await open(uri, stamp, false);
      expect(again.stamp).toEqual(stamp);
      expect(await again.count()).toBe(rows.length);
      expect(await again.images()).toEqual(rows.map(withoutVector).sort(byId));
      for (const row of rows) expect(await again.images({ only: [row.id, 'of none'] })).toEqual([withoutVector(row)]);
      expect(await again.images({ only: [] })).toEqual([]);
      expect(await again.note('source')).toBe("/pictures/it's here");
      for (const { id, vector } of rows) expect((await again.search(vector, 1))[0]).toEqual({ id, distance: 0 });
    });

    it('replaces a row of a known id and leaves the others', async () => {
      const store = await open(newUri());
      const [a, b, c] = randomRows(['a', 'b', 'c'], RandomSource.fromSeed(2));
      await store.write((writer) => writer.put([a, b]));
      await store.write((writer) => writer.put([{ ...c, id: 'b' }, c]));
      expect(await store.images()).toEqual([a, { ...c, id: 'b' }, c].map(withoutVector));
      expect((await store.search(c.vector, 3)).map(({ id }) => id).slice(0, 2)).toEqual(['b', 'c']);
    });

    it('takes rows up anew as they are, and finds them through everything that answers searches', async () => {
      const store = await open(newUri());
      const rows = randomRows(['a', 'b', 'c'], RandomSource.fromSeed(13));
      await store.write((writer) => writer.put(rows));
      await store.write((writer) => writer.takeUp([rows[0], rows[2]]));
      expect(await store.rows(['a', 'b', 'c'])).toEqual(rows);
      const searchers = await store.searchers();
      expect(new Set(searchers.map(({ name }) => name)).size).toBe(searchers.length);
      expect(searchers.length).toBeGreaterThan(0);
      for (const { search } of searchers) {
        for (const { id, vector } of rows) expect(await search(vector, 1)).toEqual([{ id, distance: 0 }]);
      }
    });

    it('removes by id, and passes over ids that are not there', async () => {
      const store = await open(newUri());
      const rows = randomRows([...awkwardIds, 'kept'], RandomSource.fromSeed(3));
      await store.write((writer) => writer.put(rows));
      await store.write((writer) => writer.setNote('source', '/x'));
      await store.write((writer) => writer.remove([...awkwardIds, 'never there']));
      await store.write((writer) => writer.remove([]));
      await store.write((writer) => writer.tidy());
      expect((await store.images()).map(({ id }) => id)).toEqual(['kept']);
      expect(await store.search(rows[0].vector, 10)).toHaveLength(1);
      expect(await store.note('source')).toBe('/x');
      expect(store.stamp).toEqual(stamp);
    });

    it('removes thousands of rows in one call', async () => {
      const store = await open(newUri());
      const rows = randomRows(
        Array.from({ length: 2500 }, (_, index) => `image ${index}`),
        RandomSource.fromSeed(4),
      );
      await store.write((writer) => writer.put(rows));
      await store.write((writer) => writer.remove(rows.slice(1).map(({ id }) => id)));
      expect(await store.images()).toEqual([withoutVector(rows[0])]);
    });

    for (const distance of kind.distances) {
      it(`finds by ${distance} exactly what comparing with every vector finds`, async () => {
        const store = await open(newUri(), { ...stamp, distance, dimension: 16 });
        const random = RandomSource.fromSeed(5);
        const ids = Array.from({ length: 700 }, (_, index) => `${index % 3}/${index}`);
        const rows = randomRows(ids, random, 16);
        for (let first = 0; first < rows.length; first += 100)
          await store.write((writer) => writer.put(rows.slice(first, first + 100)));
        await store.write((writer) => writer.tidy());
        const { between } = searchDistanceByName(distance);
        await fc.assert(
          fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.boolean(), async (seed, k, narrowed) => {
            const [query] = randomRows(['query'], RandomSource.fromSeed(seed), 16);
            const filter = narrowed ? { prefix: '1/', except: ['1/1', '1/4'] } : {};
            const expected = rows
              .filter(({ id }) => !narrowed || (id.startsWith('1/') && id !== '1/1' && id !== '1/4'))
              .map(({ id, vector }) => ({ id, distance: between(query.vector, vector) }))
              .sort((a, b) => a.distance - b.distance)
              .slice(0, k);
            const found = await store.search(query.vector, k, filter);
            if (distance === 'hamming') {
              // Many are at one distance, and which of them come in last is the store's choice.
              const away = new Map(rows.map(({ id, vector }) => [id, between(query.vector, vector)]));
              expect(found.map((one) => away.get(one.id))).toEqual(expected.map((one) => one.distance));
              expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
            } else expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
            for (const [place, { distance: d }] of found.entries()) expect(d).toBeCloseTo(expected[place].distance, 5);
          }),
          { numRuns: Math.min(20, mostRuns), seed: 6 },
        );
      });
    }

    it('puts equal distances in order of the ids, and gives fewer than k where there are fewer', async () => {
      const store = await open(newUri());
      const [{ vector }] = randomRows(['x'], RandomSource.fromSeed(7));
      const row = { contentHash: 'h', modifiedAt: 0, byteLength: 1, vector };
      await store.write((writer) => writer.put(['c', 'a', 'b'].map((id) => ({ ...row, id }))));
      expect(await store.search(vector, 10)).toEqual(['a', 'b', 'c'].map((id) => ({ id, distance: 0 })));
      expect(await store.search(vector, 10, { prefix: 'none' })).toEqual([]);
    });

    it('takes a filter literally, whatever is in it', async () => {
      const store = await open(newUri());
      const rows = randomRows([...awkwardIds, 'axxbxc.jpg'], RandomSource.fromSeed(8));
      await store.write((writer) => writer.put(rows));
      for (const id of awkwardIds) {
        expect((await store.search(rows[0].vector, 10, { prefix: id })).map((found) => found.id)).toEqual([id]);
        const others = await store.search(rows[0].vector, 10, { except: [id] });
        expect(others.map((found) => found.id).sort()).toEqual(
          rows
            .map((row) => row.id)
            .filter((x) => x !== id)
            .sort(),
        );
      }
    });

    it('refuses vectors that are not its own, and changes nothing then', async () => {
      const store = await open(newUri());
      const [good, other] = randomRows(['good', 'other'], RandomSource.fromSeed(9));
      const short = { ...good, id: 'short', vector: good.vector.subarray(1) };
      await expect(store.write((writer) => writer.put([good, short]))).rejects.toThrow(
        /8 dimensions, the vector of 'short' has 7/,
      );
      const broken = { ...good, id: 'broken', vector: good.vector.map((x, i) => (i === 3 ? Number.NaN : x)) };
      await expect(store.write((writer) => writer.put([good, broken]))).rejects.toThrow(
        /element 3 of the vector of 'broken' is NaN/,
      );
      await expect(store.write((writer) => writer.put([good, { ...other, id: 'good' }]))).rejects.toThrow(
        /two rows .* have the id 'good'/,
      );
      await expect(store.search(short.vector, 1)).rejects.toThrow(/the query has 7/);
      await expect(store.search(good.vector, 0)).rejects.toThrow(/a whole number of neighbours from 1, got 0/);
      expect(await store.count()).toBe(0);
      await store.write((writer) => writer.put([]));
      expect(await store.search(good.vector, 1)).toEqual([]);
    });

    it('refuses another model and names both', async () => {
      const uri = newUri();
      await (await open(uri)).close();
      const other = { ...stamp, modelId: 'b'.repeat(64), modelName: 'other.onnx' };
      await expect(open(uri, other)).rejects.toThrow(
        `the store '${uri}' was made with another model: 'run/model.onnx' (SHA-256 aaaaaaaaaaaa), ` +
          `not 'other.onnx' (SHA-256 bbbbbbbbbbbb): use that model, or index into another store`,
      );
      await expect(open(uri, { ...stamp, preprocessing: '{}' })).rejects.toThrow(/made with preprocessing/);
      const renamed = await open(uri, { ...stamp, modelName: 'a copy.onnx' });
      expect(renamed.stamp.modelName).toBe('run/model.onnx');
    });

    it('keeps to the distance it was made with, and refuses those that it cannot search by', async () => {
      const uri = newUri();
      await (await open(uri)).close();
      const cosine = { ...stamp, distance: 'cosine' } as const;
      await expect(open(uri, cosine)).rejects.toThrow(
        `the store '${uri}' was made with distance euclidean, not cosine`,
      );
      const asItIs = await kind.open(uri, cosine, { anyDistance: true });
      opened.push(asItIs);
      expect(asItIs.stamp.distance).toBe('euclidean');
      const made = await kind.open(newUri(), cosine, { anyDistance: true, create: true });
      opened.push(made);
      expect(made.stamp.distance).toBe('cosine');
      for (const distance of searchDistanceNames.filter((one) => !kind.distances.includes(one))) {
        await expect(open(newUri(), { ...stamp, distance })).rejects.toThrow(
          `cannot search by ${distance}, only by ${kind.distances.join(', ')}: choose one of these`,
        );
        // Of a store that is there it does not count.
        const there = await kind.open(uri, { ...stamp, distance }, { anyDistance: true, create: true });
        opened.push(there);
        expect(there.stamp.distance).toBe('euclidean');
        await expect(kind.open(newUri(), { ...stamp, distance }, { anyDistance: true, create: true })).rejects.toThrow(
          `cannot search by ${distance}`,
        );
      }
    });

    it('lets one task at a time write, of any number of handles, while others read what was written last', async () => {
      const uri = newUri();
      const handles = [await open(uri), await open(uri), await open(uri)];
      const rows = randomRows(['a', 'b', 'c'], RandomSource.fromSeed(10));
      const waitedFor: number[] = [];
      const counts: number[] = [];
      let [inside, most] = [0, 0];
      const task = (store: VectorStore, place: number) =>
        store.write(
          async (writer) => {
            most = Math.max(most, ++inside);
            // What a task sees is what those before it have written.
            counts.push((await store.images()).length);
            // The first stays until all others have been told that they wait: how soon one looks is chance.
            if (counts.length === 1) await vi.waitFor(() => expect(waitedFor).toHaveLength(5), { timeout: 30_000 });
            await writer.put([rows[place % 3]]);
            inside--;
          },
          { onWait: (holder) => waitedFor.push(holder.process) },
        );
      // Two tasks of each handle.
      await Promise.all([...handles, ...handles].map(task));
      expect(most).toBe(1);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(waitedFor.length).toBeGreaterThanOrEqual(5);
      expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
      for (const store of handles) expect(await store.images()).toEqual(rows.map(withoutVector));
    });

    it('reads on while a task writes, and stops waiting when it is told to', async () => {
      const uri = newUri();
      const [store, other] = [await open(uri), await open(uri)];
      const [a, b] = randomRows(['a', 'b'], RandomSource.fromSeed(11));
      await store.write(async (writer) => {
        await writer.put([a]);
        expect(await other.search(a.vector, 5)).toEqual([{ id: 'a', distance: 0 }]);
        const stop = new AbortController();
        const waiting = other.write((second) => second.put([b]), { signal: stop.signal });
        stop.abort(new Error('enough'));
        await expect(waiting).rejects.toThrow('enough');
      });
      expect(await other.count()).toBe(1);
    });

    it('lets the next task in when one fails', async () => {
      const store = await open(newUri());
      const [a] = randomRows(['a'], RandomSource.fromSeed(12));
      const failing = store.write(async () => {
        throw new Error('the task failed');
      });
      await expect(failing).rejects.toThrow('the task failed');
      expect(await store.write((writer) => writer.put([a]).then(() => 'done'))).toBe('done');
      expect(await store.write((writer) => writer.mend())).toBe(0);
    });

    it('says what a store was made for', async () => {
      const uri = newUri();
      expect(await kind.stampAt(uri)).toBeUndefined();
      await open(uri);
      expect(await kind.stampAt(uri)).toEqual(stamp);
    });

    it('does not make a store unless it is told to', async () => {
      const uri = newUri();
      await expect(open(uri, stamp, false)).rejects.toThrow(
        /there is no store .*index a folder of images into it first/,
      );
      await expect(open(uri, stamp, false)).rejects.toThrow(uri);
    });
  });
}
