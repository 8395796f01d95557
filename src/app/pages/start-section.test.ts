import { describe, expect, it } from 'vitest';
import type { StartConfig } from '../../training/configuration/start-config.ts';
import { startSection } from './start-section.ts';

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
  dimensionChosen: false,
  newClasses: [line('untouched', 0.4), line('kept', 0.6)],
  knownClasses: [line('untouched', 0.41), line('kept', 0.73)],
  reasons: ["features: '<b>'", 'length: 128 numbers'],
};

describe('startSection', () => {
  it('says each choice, escaped, and how well it finds the other kind of pictures, with intervals over classes', () => {
    const text = startSection(start).content.markup;
    expect(text).toContain('&lt;b&gt;');
    expect(text).not.toContain('<b>');
    expect(text).toContain('<li>length: 128 numbers</li>');
    expect(text).toContain('other pictures of classes that were learnt');
    expect(text).toContain('95% intervals over whole classes');
    expect(text).toContain('73.0%');
    expect(text).not.toContain('60.0%');
  });

  it('has no second table where one kind is expected, or known', () => {
    expect(startSection({ ...start, expect: 'new-classes' }).content.markup).not.toContain('<table');
    expect(startSection({ ...start, newClasses: [] }).content.markup).not.toContain('<table');
  });
});
