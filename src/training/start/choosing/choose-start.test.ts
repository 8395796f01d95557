import { describe, expect, it } from 'vitest';
import type { CandidatePart, FoldHeads } from '../fold-heads.ts';
import { type ChosenStart, chooseStart } from './choose-start.ts';
import type { FoldEvaluator } from './compare-candidates.ts';

/** What is chosen from 200 features of many pictures by what each part finds, which `found` says. */
async function chosenBy(
  found: (part: CandidatePart) => number,
  knownClasses: number | undefined,
): Promise<ChosenStart & { readonly compared: readonly CandidatePart[] }> {
  const compared: CandidatePart[] = [];
  const scores = ([part]: readonly CandidatePart[]) => {
    compared.push(part);
    return Promise.resolve({ values: Float64Array.of(found(part), found(part)), labels: [0, 1] });
  };
  const chosen = await chooseStart({
    heads: { sizes: [200], sources: [{ columns: 200 }] } as unknown as FoldHeads,
    names: ["'cut'"],
    parts: [],
    evaluator: { folds: [], among: 'all', scores } as unknown as FoldEvaluator,
    evaluators: [],
    dimension: undefined,
    knownClasses,
    train: () => Promise.resolve([]),
    timeLeft: () => true,
    work: {},
  });
  return { ...chosen, compared };
}

const withinClass = ({ form }: CandidatePart) => (form.kind === 'within-class' ? 0.5 : 0);

describe('chooseStart', () => {
  it('compares features of learnt classes in as many directions as tell these apart', async () => {
    const { candidate, compared } = await chosenBy((part) => withinClass(part) - part.dimension / 1000, 31);
    expect(candidate).toMatchObject([{ dimension: 30, form: { kind: 'within-class' } }]);
    const lengths = compared.map(({ dimension, form }) => `${form.kind} ${dimension}`);
    expect(lengths.slice(0, 3)).toEqual(['identity 200', 'within-class 30', 'within-class 30']);
    expect(lengths).toContain('within-class 200');
  });

  it('lets all others count half where that finds more', async () => {
    const { candidate, reasons } = await chosenBy(
      (part) => withinClass(part) + (part.taper === undefined ? 0 : 0.2),
      31,
    );
    expect(candidate).toMatchObject([{ dimension: 128, taper: { from: 30, by: 0.5 } }]);
    expect(reasons.join('\n')).toMatch(/^length: 128 numbers, all but 30 at 0\.5 \(30: /m);
  });

  it('keeps 16 numbers where two classes are told apart, so that pictures of a class differ', async () => {
    const { candidate } = await chosenBy((part) => withinClass(part) - part.dimension / 1000, 2);
    expect(candidate).toMatchObject([{ dimension: 16 }]);
  });

  it('compares none of these where new classes are searched for', async () => {
    const { candidate, compared } = await chosenBy((part) => withinClass(part) - part.dimension / 1000, undefined);
    expect(candidate).toMatchObject([{ dimension: 128 }]);
    expect(new Set(compared.map(({ dimension }) => dimension))).toEqual(new Set([200, 128, 192]));
    expect(compared.some(({ taper }) => taper !== undefined)).toBe(false);
  });
});
