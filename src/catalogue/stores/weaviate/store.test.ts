import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anyFilter, metadataFields } from '../../../../test/fixtures/random-filters.ts';
import { holdsOf, parsedWhere, WeaviateServers } from '../../../../test/support/weaviate-servers.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { bindFilter } from '../../filters/bind-filter.ts';
import { matchesFilter } from '../../filters/matches-filter.ts';
import type { IndexRecipe } from '../store-index.ts';
import { storeIndexesContract } from '../store-indexes.contract.ts';
import type { StoreStamp } from '../store-stamp.ts';
import { storedThumbnailsContract } from '../stored-thumbnails.contract.ts';
import type { StoredVector, VectorStore } from '../vector-store.ts';
import type { WeaviateTiming } from './nodes/timing.ts';
import { objectId } from './object-ids.ts';
import { imageObject } from './objects.ts';
import { weaviatePlace } from './place.ts';
import { weaviateStores, weaviateStoresWith } from './store.ts';
import { keyPattern, valueKey } from './text-key.ts';
import { weaviateWhere, whereText } from './where.ts';

/** A cluster in this process answers at once; one that does not is given up soon. */
const quickTiming: WeaviateTiming = {
  ...{ read: 1000, write: 300, ready: 1000, doubtAfter: 50, patience: 1500, refusedFor: 1500 },
  ...{ look: 20, healthAge: 0, settleAfter: 100, visibleWithin: 1000 },
};
const stores = weaviateStoresWith(quickTiming);

const stamp: StoreStamp = {
  ...{ modelId: 'a'.repeat(64), modelName: 'run/model.onnx', preprocessing: '{}' },
  ...{ dimension: 8, distance: 'euclidean' },
};

function row(id: string, contentHash = 'h', element = 1): StoredVector {
  return { id, contentHash, modifiedAt: 0, byteLength: 1, vector: new Float32Array(8).fill(element) };
}

/** The servers' graph finds the nearest of so many images. */
function graphOf(ef: number): IndexRecipe {
  return { kind: 'hnsw', build: { ef }, efforts: [{ ef }] };
}

let made = 0;
let servers: WeaviateServers;
let store: VectorStore;
beforeEach(async () => {
  servers = await WeaviateServers.start(3);
  store = await stores.open(servers.uri('Shop'), stamp, { create: true });
});
afterEach(async () => {
  await store.close();
  await servers.stop();
});

const hashes = async () => (await store.images()).map(({ id, contentHash }) => `${id}: ${contentHash}`);

storeIndexesContract('Weaviate', stores, { poor: graphOf(200), good: graphOf(10_000) }, () =>
  servers.uri(`Indexed${made++}`),
);
storedThumbnailsContract('Weaviate', stores, () => servers.uri(`Pictured${made++}`));

describe('a node that goes', () => {
  it('is passed over by reads, searches and writes, and asked again once it is in step', async () => {
    await store.write((writer) => writer.put([row('a'), row('b')]));
    const [away] = servers.nodes;
    away.isAway = true;
    for (let time = 0; time < 6; time++) expect(await store.search(row('a').vector, 5)).toHaveLength(2);
    await store.write((writer) => writer.put([row('c')]));
    await store.write((writer) => writer.remove(['a']));
    expect(await hashes()).toEqual(['b: h', 'c: h']);
    // It is back, and lacks what was written meanwhile.
    away.isAway = false;
    for (let time = 0; time < 9; time++) {
      expect((await store.search(row('a').vector, 5)).map(({ id }) => id)).toEqual(['b', 'c']);
    }
    away.requests.length = 0;
    // The cluster repairs it.
    away.replicas.set('Shop_v1', new Map(servers.replica(servers.nodes[1], 'Shop_v1')));
    const searched = async () => {
      await store.search(row('a').vector, 5);
      return away.requests.filter((call) => call === 'POST /graphql').length;
    };
    await expect.poll(searched).toBeGreaterThan(0);
  });

  it('is waited for no longer than it is ready, and a hanging search no longer than its time', async () => {
    await store.write((writer) => writer.put([row('a')]));
    const [hanging] = servers.nodes;
    hanging.hangsSearches = true;
    for (let time = 0; time < 3; time++) expect(await store.search(row('a').vector, 1)).toHaveLength(1);
    for (const node of servers.nodes) node.isAway = true;
    await expect(store.search(row('a').vector, 1)).rejects.toThrow(
      /^cannot read the store 'weaviate:.*': no node of the cluster answered, the last one was .*; start its nodes, or check their hosts and ports/,
    );
  });

  it('leaves a store unwritten when two of three replicas are gone, as a quorum of the living would be one', async () => {
    await store.write(async (writer) => {
      await writer.put([row('a')]);
      for (const node of servers.nodes.slice(1)) node.isAway = true;
      await expect(writer.put([row('b')])).rejects.toThrow(
        /is not written: of the 3 replicas of a part of it 1 can be reached \(away: node1, node2\).*start the nodes that are away/,
      );
      for (const node of servers.nodes) node.isAway = false;
    });
    expect(servers.replica(servers.nodes[0], 'Shop_v1').has(objectId('b'))).toBe(false);
  });
});

describe('a write', () => {
  it('is given again for the objects alone that a node refused', async () => {
    const [first, second, third] = servers.nodes;
    for (const node of [first, second, third]) node.refused.set(objectId('b'), 'cannot reach enough replicas');
    await store.write((writer) => writer.put([row('a'), row('b')]));
    expect(await hashes()).toEqual(['a: h', 'b: h']);
    for (const node of servers.nodes) node.refused.clear();
  });

  it('says why where all nodes refuse it', async () => {
    const closing = setInterval(() => {
      for (const node of servers.nodes)
        node.refused.set(objectId('full'), 'store is read-only due to: resource pressure');
    }, 1);
    try {
      const quick = weaviateStoresWith({ ...quickTiming, refusedFor: 100 });
      await using other = await quick.open(servers.uri('Shop'), stamp);
      await expect(other.write((writer) => writer.put([row('full')]))).rejects.toThrow(
        /the cluster takes no writes, as a disk is nearly full .*free some space there/,
      );
    } finally {
      clearInterval(closing);
    }
  });

  it('that hung and is done late undoes nothing for long: what was acknowledged last is written again', async () => {
    await store.write((writer) => writer.put([row('updated', 'old'), row('removed', 'old')]));
    await using patient = await weaviateStoresWith({ ...quickTiming, settleAfter: 60_000 }).open(
      servers.uri('Shop'),
      stamp,
    );
    await patient.write(async (writer) => {
      // The nodes hang in turn, so that each write is tried through one that hangs.
      for (const node of servers.nodes.slice(0, 2)) node.hangsWrites = true;
      await writer.put([row('updated', 'hung', 2), row('removed', 'hung', 2)]);
      for (const node of servers.nodes) node.hangsWrites = false;
      await writer.put([row('updated', 'new', 3)]);
      await writer.remove(['removed']);
      servers.nodes[2].isAway = true;
    });
    expect(servers.replica(servers.nodes[0], 'Shop_about').size).toBeGreaterThan(1);
    servers.nodes[2].isAway = false;
    servers.nodes[2].replicas.set('Shop_v1', new Map(servers.replica(servers.nodes[0], 'Shop_v1')));
    servers.nodes[2].replicas.set('Shop_about', new Map(servers.replica(servers.nodes[0], 'Shop_about')));
    servers.doLateWrites();
    expect(await hashes()).toEqual(['removed: hung', 'updated: hung']);
    // Another process writes next.
    await using later = await stores.open(servers.uri('Shop'), stamp);
    await later.write(async () => undefined);
    expect(await hashes()).toEqual(['updated: new']);
  });

  it('that is settled brings back nothing that was removed since, also where its notes are still there', async () => {
    const replicas = servers.nodes.map((node) => servers.replica(node, 'Shop_about'));
    const unsettled = () => [...replicas[0]].filter(([, { properties }]) => properties.name === 'unsettled');
    const notes = await store.write(async (writer) => {
      // Whichever nodes have their turn: the first two that it goes through hang.
      const sent = () =>
        servers.nodes.flatMap(({ requests }) => requests).filter((one) => one.startsWith('POST /batch'));
      const before = sent().length;
      for (const node of servers.nodes) node.hangsWrites = true;
      const putting = writer.put([row('a', 'first')]);
      await expect.poll(() => sent().length, { interval: 5 }).toBeGreaterThanOrEqual(before + 2);
      for (const node of servers.nodes) node.hangsWrites = false;
      await putting;
      await writer.put([row('a', 'second')]);
      return unsettled();
    });
    expect(notes.length).toBeGreaterThan(1);
    expect(unsettled()).toEqual([]);
    await store.write((writer) => writer.remove(['a']));
    // Notes whose removal was undone.
    for (const replica of replicas) for (const [id, note] of notes) replica.set(id, note);
    for (let time = 0; time < 2; time++) {
      await using later = await stores.open(servers.uri('Shop'), stamp);
      await later.write(async () => undefined);
      expect(await hashes()).toEqual([]);
    }
  });

  it('takes no vector that is none, before anything is sent', async () => {
    await store.write(async (writer) => {
      await expect(writer.put([row('a', 'h', Number.NaN)])).rejects.toThrow("element 0 of the vector of 'a' is NaN");
    });
    expect(servers.replica(servers.nodes[0], 'Shop_v1').size).toBe(0);
  });
});

describe('a row that one node does not find', () => {
  it('is told of by that node alone, and taken up anew with another vector first', async () => {
    await store.write((writer) => writer.put([row('a'), row('b', 'h', 2)]));
    const searchers = await store.searchers();
    expect(searchers.map(({ name }) => `weaviate://${name}`).sort()).toHaveLength(3);
    const rows = await store.rows(['a']);
    await store.write((writer) => writer.takeUp(rows));
    const kept = servers.nodes.map((node) => servers.replica(node, 'Shop_v1').get(objectId('a'))?.vectors?.default);
    for (const vector of kept) expect(vector).toEqual(Array.from(rows[0].vector));
  });
});

describe('an address of a cluster', () => {
  it('names every node and a collection', () => {
    expect(weaviatePlace('weaviate://a,b:81,[::1]:82/Shop?tls=true')).toEqual({
      nodes: [
        { host: 'a', port: 8080, isSecure: true },
        { host: 'b', port: 81, isSecure: true },
        { host: '[::1]', port: 82, isSecure: true },
      ],
      collection: 'Shop',
      about: 'Shop_about',
    });
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['weaviate://a', /is not the address of a collection: write weaviate:\/\/host:port/],
      ['weaviate://a/shop', /'shop' cannot be the collection .* begins with a capital letter/],
      ['weaviate://a,a:8080/Shop', /names a node twice/],
      ['weaviate://a:0/Shop', /'0' in .* is no port/],
      ['weaviate://a,,b/Shop', /'' in .* is no host and port/],
      ['weaviate://a/Shop?tsl=true', /there is no parameter of .* 'tsl'/],
      ['weaviate://a/Shop?tls=1', /is neither true nor false/],
      ['weaviate://me:secret@a/Shop', /has a user or a key in it.*set WEAVIATE_API_KEY/],
    ];
    for (const [uri, message] of wrong) expect(() => weaviatePlace(uri), uri).toThrow(message);
    expect(() => weaviatePlace('weaviate://me:secret@a/Shop')).not.toThrow('secret');
  });

  it('of something else, or of no server, is refused', async () => {
    servers.collections.set('Other', { class: 'Other', properties: [] });
    await expect(stores.open(servers.uri('Other'), stamp, { create: true })).rejects.toThrow(
      "is a collection of something else, not a store of lookalike's",
    );
    expect(weaviateStores.distances).toContain('manhattan');
  });
});

describe('a filter in terms of Weaviate', () => {
  it('is true of just those images that the filter is true of', () => {
    const random = RandomSource.fromSeed(33);
    const texts = ['shoes', "it's", '', 'ä', '\u{1f45f}', '\uff5e', 'SHOES', '*', 'a b '];
    const some = <T>(values: readonly T[]) => values[random.integer(values.length)];
    const images = Array.from({ length: 90 }, (_, index) => ({
      ...row(`${some(texts)}/${index}`),
      metadata: {
        ...(random.integer(4) === 0 ? {} : { class: some(texts) }),
        ...(random.integer(4) === 0 ? {} : { price: some([0, -1.5, 2, 1e300, 0.1]) }),
        ...(random.integer(3) === 0 ? {} : { sold: random.integer(2) === 0 }),
        ...(random.integer(3) === 0 ? {} : { since: new Date(some([0, 1709294400250, -1])) }),
        ...(random.integer(3) === 0 ? {} : { tags: [some(texts), some(texts)] }),
      },
    }));
    const objects = images.map((image) => imageObject(stamp, image));
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const bound = bindFilter(filter, metadataFields);
        const where = parsedWhere(whereText(weaviateWhere({ where: filter }, metadataFields)));
        for (const [place, { properties }] of objects.entries()) {
          expect(holdsOf(where, properties)).toBe(matchesFilter(bound, images[place]));
        }
      }),
      { numRuns: 200, seed: 34 },
    );
  });
});

describe('the key of a value', () => {
  it('keeps order, beginnings and parts, and is of letters alone', () => {
    const texts = ['', ' ', 'a', 'a ', 'ab', '*?', 'ä', '\u{1f45f}', '\uff5e'];
    for (const a of texts) {
      expect(valueKey(a)).toMatch(/^[a-zA-Z]+$/);
      for (const b of texts) {
        expect(valueKey(a) < valueKey(b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0);
        const like = (match: 'starts' | 'contains') =>
          new RegExp(`^${keyPattern(match, b).replaceAll('*', '.*')}$`).test(valueKey(a));
        expect(like('starts')).toBe(a.startsWith(b));
        expect(like('contains')).toBe(a.includes(b));
      }
    }
    const numbers = [-Infinity, -1e300, -1.5, -1e-300, 0, 5e-324, 0.1, 2, 1e300];
    for (const a of numbers) for (const b of numbers) expect(valueKey(a) < valueKey(b)).toBe(a < b);
    expect(valueKey(-0)).toBe(valueKey(0));
  });
});
