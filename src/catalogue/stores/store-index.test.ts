import { describe, expect, it } from 'vitest';
import { effortFor, effortOfSearch, indexState, type MeasuredIndex, parseMeasuredIndex } from './store-index.ts';

const measured: MeasuredIndex = {
  kind: 'ivf-flat',
  build: { partitions: 10 },
  asked: { k: 10, recall: 0.9 },
  rows: 1000,
  queries: 50,
  at: '2026-12-01T00:00:00.000Z',
  buildSeconds: 1,
  exactMilliseconds: 9,
  joined: 0,
  efforts: [effort(8, 4, [1, 0.97, 0.95]), effort(2, 2, [1, 0.92, 0.6]), effort(1, 1, [0.9, 0.7, 0.5])],
};

function effort(probes: number, milliseconds: number, [one, ten, hundred]: readonly number[]) {
  const recall = [
    { k: 1, recall: one },
    { k: 10, recall: ten },
    { k: 100, recall: hundred },
  ];
  return { effort: { probes }, recall, milliseconds };
}

describe('how much of an index is looked at', () => {
  const state = indexState(measured, 0, 0);

  it('is the least that was measured to find what is demanded', () => {
    expect(effortFor(state, 1, {})).toEqual({ probes: 1 });
    expect(effortFor(state, 10, {})).toEqual({ probes: 2 });
    expect(effortFor(state, 10, { recall: 0.95 })).toEqual({ probes: 8 });
    expect(effortFor(state, 100, {})).toEqual({ probes: 8 });
    expect(effortFor(state, 100, { recall: 0.5 })).toEqual({ probes: 1 });
  });

  it('has to suffice for the next number of neighbours that was measured, on both sides', () => {
    expect(effortFor(state, 2, {})).toEqual({ probes: 2 });
    expect(effortFor(state, 50, {})).toEqual({ probes: 8 });
  });

  it('is none where nothing that was measured is enough', () => {
    expect(effortFor(state, 10, { recall: 0.98 })).toBeUndefined();
    expect(effortFor(state, 101, {})).toBeUndefined();
    expect(effortFor(state, 1, { exact: true })).toBeUndefined();
  });

  it('is none once more than a tenth has changed', () => {
    expect(effortFor(indexState(measured, 500, 100), 10, {})).toEqual({ probes: 2 });
    expect(effortFor(indexState(measured, 0, 101), 10, {})).toBeUndefined();
  });
});

describe('the note on an index', () => {
  it('is read as it was written; none is none', () => {
    expect(parseMeasuredIndex('a.lance', JSON.stringify(measured))).toEqual(measured);
    expect(parseMeasuredIndex('a.lance', 'null')).toBeUndefined();
    expect(parseMeasuredIndex('a.lance', undefined)).toBeUndefined();
  });

  it('names what is damaged', () => {
    expect(() => parseMeasuredIndex('a.lance', JSON.stringify({ ...measured, rows: -1 }))).toThrow(
      /the store 'a.lance' is damaged, .*: its note on its index is wrong, .*rows/,
    );
  });
});

describe('a search', () => {
  it('is exact if its filter may leave an image out, or if that is asked, and asks for no state then', async () => {
    const unasked = () => Promise.reject(new Error('the state was asked for'));
    for (const filter of [{ prefix: 'a' }, { only: [] }, { except: ['a'] }, { where: "class = 'a'" }]) {
      expect(await effortOfSearch(unasked, 10, filter, {})).toBeUndefined();
    }
    expect(await effortOfSearch(unasked, 10, {}, { exact: true })).toBeUndefined();
  });

  it('goes by the index otherwise, and is exact where there is none', async () => {
    const state = indexState(measured, 0, 0);
    const effort = await effortOfSearch(async () => state, 10, { prefix: '', except: [] }, {});
    expect(effort).toEqual(effortFor(state, 10, {}));
    expect(effort).toBeDefined();
    expect(await effortOfSearch(async () => undefined, 10, {}, {})).toBeUndefined();
  });
});
