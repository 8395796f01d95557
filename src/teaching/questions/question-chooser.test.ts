import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { HeadEmbeddings } from '../head/taught-head.ts';
import { informationOf, type PlacedPair } from './disagreement.ts';
import { QuestionChooser } from './question-chooser.ts';

const pictures = 40;
/** Pictures on a line: at their numbers, or in another order. */
const onLine = (place: (picture: number) => number): HeadEmbeddings => ({
  data: Float32Array.from({ length: pictures }, (_, picture) => place(picture) / pictures),
  dimension: 1,
});
const straight = onLine((picture) => picture);
const reversedPairs = onLine((picture) => (picture % 2 === 0 ? picture : pictures - picture));
const chooser = new QuestionChooser({ pictures, seed: 3, keptAside: 0.2 });
const turns = Array.from({ length: 300 }, (_, answered) => ({ answered, answeredAside: answered }));

describe('informationOf', () => {
  const question = (query: number, left: number, right: number): PlacedPair => ({ query, left, right });

  it('is largest for one embedding where both candidates are as far', () => {
    const found = informationOf([question(10, 9, 11), question(10, 9, 12), question(10, 9, 39)], [straight]);
    expect(found[0]).toBeCloseTo(1, 6);
    expect(found[1]).toBeLessThan(found[0]);
    expect(found[2]).toBeLessThan(found[1]);
  });

  it('is what two sure embeddings disagree in, not what both are unsure of', () => {
    const questions = [question(10, 9, 11), question(0, 1, 20), question(0, 2, 38)];
    const [unsure, disputed, agreed] = informationOf(questions, [straight, reversedPairs]);
    expect(disputed).toBeGreaterThan(0.5);
    expect(agreed).toBeLessThan(0.2);
    expect(unsure).toBeLessThan(disputed);
  });

  it('says nothing where all is the same to an embedding', () => {
    const flat = { data: new Float32Array(pictures), dimension: 1 };
    expect([...informationOf([question(1, 2, 3)], [flat, flat])]).toEqual([0]);
  });
});

describe('QuestionChooser', () => {
  it('keeps questions aside by their queries: a share of the turns, drawn at random, the same for every rater', () => {
    const asked = turns.map((turn) => chooser.triplet(turn, [straight, reversedPairs]));
    for (const [place, { query, left, right, keptAside, reason }] of asked.entries()) {
      expect(new Set([query, left, right]).size).toBe(3);
      expect(keptAside).toBe(chooser.isKeptAside(query));
      // Every second question is drawn at random, too.
      expect(reason).toBe(keptAside || turns[place].answered % 2 === 1 ? 'random' : 'disagree');
    }
    const share = asked.filter(({ keptAside }) => keptAside).length / asked.length;
    expect(share).toBeGreaterThan(0.14);
    expect(share).toBeLessThan(0.26);
    const aside = turns.find((turn) => chooser.triplet(turn, []).keptAside)!;
    expect(chooser.triplet(aside, [straight])).toEqual(chooser.triplet(aside, [straight, reversedPairs]));
    expect(chooser.triplet(turns[5], [straight])).toEqual(chooser.triplet(turns[5], [straight]));
  });

  it('asks what embeddings disagree in more than chance does', () => {
    const meanInformation = (embeddings: readonly HeadEmbeddings[]) => {
      const questions = turns.map((turn) => chooser.triplet(turn, embeddings)).filter(({ keptAside }) => !keptAside);
      const found = informationOf(questions, [straight, reversedPairs]);
      return found.reduce((sum, value) => sum + value, 0) / found.length;
    };
    expect(meanInformation([straight, reversedPairs])).toBeGreaterThan(2 * meanInformation([]));
  });

  it('passes over what was asked', () => {
    const turn = turns.find((one) => !chooser.triplet(one, []).keptAside)!;
    const first = chooser.triplet(turn, []);
    const next = chooser.triplet({ ...turn, asked: (one) => one.query === first.query }, []);
    expect(next.query).not.toBe(first.query);
  });

  it('shows a query and twelve others on a grid, half of them near, fewer where there are fewer', () => {
    for (const turn of turns.slice(0, 40)) {
      const { query, candidates, keptAside } = chooser.grid(turn, [straight]);
      expect(new Set([query, ...candidates]).size).toBe(13);
      expect(keptAside).toBe(chooser.isKeptAside(query));
      const near = candidates.filter((one) => Math.abs(one - query) <= 6).length;
      if (!keptAside) expect(near).toBeGreaterThanOrEqual(6);
    }
    const few = new QuestionChooser({ pictures: 5, seed: 1, keptAside: 0.2 });
    expect(few.grid(turns[0], []).candidates).toHaveLength(4);
  });

  it('refuses too few pictures', () => {
    expect(() => new QuestionChooser({ pictures: 3, seed: 1, keptAside: 0.2 })).toThrow(DatasetError);
  });
});
