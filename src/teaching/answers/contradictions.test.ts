import { describe, expect, it } from 'vitest';
import type { Answer, TripletChoice } from './answer.ts';
import { findContradictions, questionsAgain } from './contradictions.ts';

const said = (
  rater: string,
  query: string,
  [left, right]: string,
  answer: TripletChoice,
  reason: Answer['reason'] = 'random',
): Answer => ({
  kind: 'triplet',
  id: JSON.stringify([rater, query, left, right, answer, reason]),
  rater,
  at: '2026-01-01T00:00:00Z',
  seconds: 1,
  reason,
  keptAside: false,
  query,
  left,
  right,
  answer,
});

const grid = (rater: string, query: string, candidates: string, marked: string): Answer => ({
  ...said(rater, query, 'ab', 'skip'),
  kind: 'grid',
  candidates: [...candidates],
  marked: [...marked],
});

describe('findContradictions', () => {
  it('finds a rater who says both ways of a pair, whichever was left, and whom else it concerns', () => {
    const answers = [said('ann', 'q', 'ab', 'left'), said('ann', 'q', 'ba', 'left'), said('bob', 'q', 'ab', 'left')];
    expect(findContradictions(answers)).toEqual([{ kind: 'self', query: 'q', images: ['a', 'b'], raters: ['ann'] }]);
  });

  it('finds raters who disagree, a grid against a triplet too, and no contradiction between queries or in ties', () => {
    const answers = [
      said('ann', 'q', 'ab', 'left'),
      grid('bob', 'q', 'abc', 'b'),
      said('bob', 'p', 'ab', 'right'),
      said('ann', 'p', 'ab', 'both'),
    ];
    expect(findContradictions(answers)).toEqual([
      { kind: 'raters', query: 'q', images: ['a', 'b'], raters: ['ann', 'bob'] },
    ]);
  });

  it('finds a shortest cycle of one rater, and none that only two raters together make', () => {
    const [ab, bc, cd, da, ca] = ['ab', 'bc', 'cd', 'da', 'ca'].map((pair) => said('ann', 'q', pair, 'left'));
    expect(findContradictions([ab, bc, cd, da])).toEqual([
      { kind: 'cycle', query: 'q', images: ['a', 'b', 'c', 'd'], raters: ['ann'] },
    ]);
    expect(findContradictions([ab, bc, cd, da, ca])[0].images).toEqual(['a', 'b', 'c']);
    expect(findContradictions([ab, bc, said('bob', 'q', 'ca', 'left')])).toEqual([]);
  });

  it('agrees with a search of all orders: answers have a cycle just where no order keeps them all', () => {
    const images = ['a', 'b', 'c', 'd'];
    const pairs = images.flatMap((one, place) => images.slice(place + 1).map((other) => one + other));
    for (let choice = 0; choice < 2 ** pairs.length; choice++) {
      const chosen = pairs.map((pair, bit) => ((choice >> bit) & 1 ? pair : `${pair[1]}${pair[0]}`));
      const answers = chosen.map((pair) => said('ann', 'q', pair, 'left'));
      const ordered = permutations(images).some((order) =>
        chosen.every(([better, worse]) => order.indexOf(better) < order.indexOf(worse)),
      );
      expect(findContradictions(answers).length === 0).toBe(ordered);
    }
  });
});

function permutations(items: readonly string[]): string[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

describe('questionsAgain', () => {
  const torn = [said('ann', 'q', 'ab', 'left'), said('ann', 'q', 'ab', 'right')];

  it('asks the rater of a contradiction, and no more once the answer was given again', () => {
    expect(questionsAgain(torn, 'ann')).toEqual([{ query: 'q', left: 'a', right: 'b' }]);
    expect(questionsAgain(torn, 'bob')).toEqual([]);
    const again = [...torn, said('ann', 'q', 'ba', 'right', 'again')];
    expect(questionsAgain(again, 'ann')).toEqual([]);
    expect(findContradictions(again)).toEqual([]);
  });

  it('asks both raters of a disagreement, each once, and leaves it standing', () => {
    const answers = [said('ann', 'q', 'ab', 'left'), said('bob', 'q', 'ab', 'right')];
    expect(questionsAgain(answers, 'ann')).toHaveLength(1);
    const after = [...answers, said('ann', 'q', 'ab', 'left', 'again')];
    expect(questionsAgain(after, 'ann')).toEqual([]);
    expect(questionsAgain(after, 'bob')).toHaveLength(1);
    expect(findContradictions(after)).toHaveLength(1);
  });

  it('asks every pair of a cycle', () => {
    const answers = ['ab', 'bc', 'ca'].map((pair) => said('ann', 'q', pair, 'left'));
    const pairs = questionsAgain(answers, 'ann').map(({ left, right }) => left + right);
    expect(pairs).toEqual(['ab', 'bc', 'ca']);
  });
});
