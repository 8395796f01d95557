import { describe, expect, it } from 'vitest';
import { shortNumber, tickLabels } from './tick-labels.ts';

describe('tickLabels', () => {
  it.each<[readonly number[], string]>([
    [[0, 1, 2], '0 1 2'],
    [[0, 0.5, 1, 1.5], '0 0.5 1.0 1.5'],
    [[-0.2, 0, 0.2], '-0.2 0 0.2'],
    [[0, 0.0005, 0.001], '0 0.0005 0.0010'],
    [[0, 0.00002, 0.00004], '0 2e-5 4e-5'],
    [[0, 5000, 10000], '0 5,000 10,000'],
    [[0, 1e7, 2e7], '0 1e7 2e7'],
    [[0.1, 1, 10, 100], '0.1 1 10 100'],
    [[0], '0'],
  ])('%j', (ticks, texts) => {
    expect(tickLabels(ticks)).toEqual(texts.split(' '));
  });

  it('writes shares in percent', () => {
    expect(tickLabels([0, 0.2, 0.4, 1], 'percent')).toEqual(['0%', '20%', '40%', '100%']);
    expect(tickLabels([0.21, 0.215, 0.22], 'percent')).toEqual(['21.0%', '21.5%', '22.0%']);
    expect(tickLabels([0.07, 0.14], 'percent')).toEqual(['7%', '14%']);
  });
});

it.each([
  [1.6234, '1.62'],
  [0.0029312, '0.00293'],
  [0.00003, '3e-5'],
  [0, '0'],
  [12_345.6, '12,346'],
  [123.4, '123'],
  [1e9, '1e9'],
])('%d in short is %s', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

it('writes a share in percent with one decimal', () => {
  expect(shortNumber(0.4372, 'percent')).toBe('43.7%');
});
