import { describe, expect, it } from 'vitest';
import { effortFor, indexState, type MeasuredIndex, narrows, parseMeasuredIndex } from './store-index.ts';

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

describe('a filter', () => {
  it('narrows a search if it may leave an image out', () => {
    for (const filter of [{ prefix: 'a' }, { only: [] }, { except: ['a'] }, { where: "class = 'a'" }]) {
      expect(narrows(filter)).toBe(true);
    }
    expect(narrows({ prefix: '', except: [] })).toBe(false);
  });
});
