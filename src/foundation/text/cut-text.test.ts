import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abridged, cutToColumns } from './cut-text.ts';
import { displayWidth } from './display-width.ts';
import { graphemes } from './graphemes.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const letters = fc.array(
  fc.constantFrom(
    'a',
    'é',
    'e\u0301',
    '\u0301',
    '猫',
    '🍎',
    '👩🏽‍🚀',
    '\u200d',
    '🇫',
    '🇷',
    '❤️',
    '한',
    '\ud83d',
    'ｱ',
    ' ',
  ),
  { maxLength: 700 },
);

describe('graphemes', () => {
  it('are those of Intl.Segmenter, however long the text', () => {
    fc.assert(
      fc.property(letters, fc.nat(300), (parts, accents) => {
        const text = `${parts.join('')}a${'\u0301'.repeat(accents)}`;
        expect([...graphemes(text)]).toEqual([...segmenter.segment(text)].map(({ segment }) => segment));
      }),
      { numRuns: 40 },
    );
  });

  it.each(['x', 'é', '猫', '🍎', '\u0301', '\u001b'])(
    'of half a million times %j take no more than linear time',
    (letter) => {
      const timeOf = (count: number) => {
        const text = letter.repeat(count);
        const started = performance.now();
        displayWidth(text);
        cutToColumns(text, 256);
        return performance.now() - started;
      };
      timeOf(20_000);
      // Quadratic time would be 625 times as much: minutes.
      expect(timeOf(500_000)).toBeLessThan(200 * timeOf(20_000) + 3000);
    },
  );
});

describe('cutToColumns', () => {
  it('leaves alone what fits, and cuts the middle out of what does not, at whole letters', () => {
    expect(cutToColumns('abcdefghij', 10)).toBe('abcdefghij');
    expect(cutToColumns('abcdefghijk', 10)).toBe('abcde…hijk');
    expect(cutToColumns('猫猫猫猫猫猫', 10)).toBe('猫猫…猫猫');
    expect(cutToColumns(`${'e\u0301'.repeat(20)}`, 5)).toBe('e\u0301e\u0301…e\u0301e\u0301');
    expect(cutToColumns('abc', 1)).toBe('…');
    expect(cutToColumns('', 1)).toBe('');
  });

  it('never takes more columns than it may', () => {
    fc.assert(
      fc.property(letters, fc.integer({ min: 1, max: 300 }), (parts, columns) => {
        const text = parts.join('');
        const cut = cutToColumns(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(text) <= columns && text.length <= 8 * columns) expect(cut).toBe(text);
        else expect(cut).toContain('…');
      }),
    );
  });

  it('bounds letters of any number of accents', () => {
    const cut = cutToColumns(`a${'\u0301'.repeat(1e6)}`, 256);
    expect(cut.length).toBeLessThan(5000);
  });
});

describe('abridged', () => {
  it('keeps beginning and end, and says how much is left out', () => {
    const line = `${'a'.repeat(500)}${'b'.repeat(1000)}${'c'.repeat(500)}`;
    expect(abridged(line, 2000)).toBe(line);
    expect(abridged(line, 600)).toBe(`${'a'.repeat(400)} … (1400 letters left out) … ${'c'.repeat(200)}`);
    expect(abridged('x'.repeat(10_000_000), 300)).toHaveLength(332);
  });

  it('cuts no character in two', () => {
    for (let most = 9; most < 20; most++) expect(abridged('🍎'.repeat(20), most)).not.toMatch(/\p{Cs}/u);
  });
});
