import { describe, expect, it } from 'vitest';
import type { Answer, TripletChoice } from './answer.ts';
import { answeredTriplets } from './answered-triplets.ts';
import { raterAgreement, unanimousTriplets } from './rater-agreement.ts';

const base = { at: '2026-01-01T00:00:00Z', seconds: 1, reason: 'random', keptAside: false, query: 'q' } as const;
const triplet = (
  rater: string,
  left: string,
  right: string,
  answer: TripletChoice,
  more: Partial<Answer> = {},
): Answer =>
  ({ kind: 'triplet', id: rater + left + right + answer, rater, ...base, left, right, answer, ...more }) as Answer;
const grid = (rater: string, candidates: string[], marked: string[]): Answer => ({
  kind: 'grid',
  id: `${rater} grid`,
  rater,
  ...base,
  candidates,
  marked,
});
const candidates = Array.from({ length: 12 }, (_, place) => `c${place}`);

describe('answeredTriplets', () => {
  it('makes k (12 - k) triplets of a grid with k marked: each marked image against each other one', () => {
    for (let k = 0; k <= 12; k++) {
      const triplets = answeredTriplets([grid('ann', candidates, candidates.slice(0, k))]);
      const expected = candidates
        .slice(0, k)
        .flatMap((positive) => candidates.slice(k).map((negative) => `${positive} ${negative}`));
      expect(triplets.map(({ positive, negative }) => `${positive} ${negative}`)).toEqual(expected);
      expect(triplets).toHaveLength(k * (12 - k));
    }
  });

  it('makes one of left or right, none of both, neither and skip', () => {
    const choices = ['left', 'right', 'both', 'neither', 'skip'] as const;
    const triplets = answeredTriplets(choices.map((choice) => triplet('ann', 'a', 'b', choice)));
    expect(triplets.map(({ positive, negative }) => positive + negative)).toEqual(['ab', 'ba']);
  });

  it('lets a question asked again stand in place of earlier answers of that rater, those of grids too', () => {
    const answers = [
      triplet('ann', 'c0', 'c1', 'right'),
      triplet('bob', 'c0', 'c1', 'right'),
      grid('ann', ['c1', 'c0'], ['c1']),
      triplet('ann', 'c1', 'c0', 'right', { reason: 'again' }),
    ];
    const left = answeredTriplets(answers).map(({ rater, positive }) => `${rater} ${positive}`);
    expect(left).toEqual(['bob c1', 'ann c0']);
    const both = triplet('ann', 'c1', 'c0', 'both', { reason: 'again' });
    expect(answeredTriplets([...answers.slice(0, 3), both]).map(({ rater }) => rater)).toEqual(['bob']);
  });
});

describe('raterAgreement', () => {
  it('compares what several raters said of the same three images, whichever was left', () => {
    const answers = [
      triplet('ann', 'a', 'b', 'left'),
      triplet('bob', 'b', 'a', 'right'),
      triplet('ann', 'c', 'd', 'right'),
      triplet('bob', 'c', 'd', 'right'),
      triplet('bob', 'e', 'f', 'skip'),
      triplet('ann', 'e', 'f', 'left'),
    ];
    const { triplets, raters } = raterAgreement(answers);
    expect(triplets).toEqual({ alpha: 1, units: 2, values: 4 });
    expect([...raters]).toEqual([
      ['ann', 3],
      ['bob', 3],
    ]);
  });

  it('compares marks of grids candidate by candidate', () => {
    const { marks } = raterAgreement([grid('ann', candidates, ['c0', 'c1']), grid('bob', candidates, ['c0', 'c2'])]);
    // Two of twelve differ; 4 of 24 values are marks: 1 - 23 * 4 / (2 * 4 * 20).
    expect(marks.alpha).toBeCloseTo(1 - (23 * 4) / 160, 12);
  });
});

describe('unanimousTriplets', () => {
  const answers = [
    triplet('ann', 'a', 'b', 'left'),
    triplet('bob', 'a', 'b', 'left'),
    triplet('ann', 'a', 'c', 'left'),
    triplet('bob', 'a', 'c', 'right'),
    triplet('ann', 'a', 'd', 'left'),
    triplet('ann', 'a', 'e', 'left'),
    triplet('bob', 'a', 'e', 'neither'),
  ];

  it('keeps what nobody denies, once, and with a number only what so many said', () => {
    expect(unanimousTriplets(answers).map(({ negative }) => negative)).toEqual(['b', 'd']);
    expect(unanimousTriplets(answers, 2).map(({ negative }) => negative)).toEqual(['b']);
  });
});
