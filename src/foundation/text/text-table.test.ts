import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { textTable } from './text-table.ts';

describe('textTable', () => {
  it('aligns the first column to the left and the others to the right', () => {
    const rows = [
      ['', 'raw pixels', 'trained'],
      ['Recall@1', '21.2%', '43.7%'],
      ['similarity precision', '70.0%', '96.2%'],
    ];
    expect(textTable(rows).join('\n')).toBe(
      [
        '                      raw pixels  trained',
        'Recall@1                   21.2%    43.7%',
        'similarity precision       70.0%    96.2%',
      ].join('\n'),
    );
  });

  it('aligns as it is told, and leaves no space at the end of a line', () => {
    const rows = [
      ['1', 'a'],
      ['10', 'bcd'],
      ['100', ''],
    ];
    expect(textTable(rows, ['right', 'left'])).toEqual(['  1  a', ' 10  bcd', '100']);
    expect(textTable([])).toEqual([]);
  });

  it('counts columns, not code units, and keeps a row on its line', () => {
    const rows = [
      ['りんご.png', '0.12'],
      ['cafe\u0301.png', '0.3'],
      ['👩🏽‍🚀\n.png', '1'],
    ];
    expect(textTable(rows)).toEqual(['りんご.png  0.12', 'cafe\u0301.png     0.3', '👩🏽‍🚀\\x0a.png     1']);
  });

  it('gives lines of one width when the last column goes to the right and is filled', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '猫', '🍎', 'e\u0301', ' x', '|') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const widths = textTable(rows.map((row) => [...row, '#'])).map(displayWidth);
        expect(new Set(widths).size).toBe(1);
      }),
    );
  });
});

it.each([
  ['', 0],
  ['abc', 3],
  ['猫', 2],
  ['ｱ', 1],
  ['Ａ', 2],
  ['한글', 4],
  ['e\u0301', 1],
  ['🍎', 2],
  ['❤️', 2],
  ['©', 1],
])('%s takes %d columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});
