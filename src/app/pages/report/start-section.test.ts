import { describe, expect, it } from 'vitest';
import type { StartConfig } from '../../../training/configuration/start-config.ts';
import { startSections } from './start-section.ts';

const line = (name: string, value: number) => ({
  name,
  recallAt1: { value, low: value - 0.05, high: value + 0.05 },
  mapAtR: { value: value / 2, low: 0, high: 1 },
});
const start: StartConfig = {
  form: { kind: 'within-class', shrinkage: 0.3 },
  share: 0,
  expect: 'both',
  cut: 'compared',
  judged: null,
  dimensionChosen: false,
  newClasses: [line('untouched', 0.4), line('kept', 0.6)],
  knownClasses: [line('untouched', 0.41), line('kept', 0.73)],
  reasons: ["features: '<b>'", 'length: 128 numbers'],
};

describe('startSections', () => {
  it('say each choice, escaped, and how well it finds learnt classes, with intervals over classes', () => {
    const [chosen, known] = startSections(start).map(({ content }) => content.markup);
    expect(chosen).toContain('&lt;b&gt;');
    expect(chosen).not.toContain('<b>');
    expect(chosen).toContain('<li>length: 128 numbers</li>');
    expect(known).toContain('95% intervals over whole classes');
    expect(known).toContain('73.0%');
    expect(known).not.toContain('60.0%');
  });

  it('have no second table where one kind is expected, or known', () => {
    expect(startSections({ ...start, expect: 'new-classes' })).toHaveLength(1);
    expect(startSections({ ...start, newClasses: [] })).toHaveLength(1);
  });
});
