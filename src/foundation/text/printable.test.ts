import { describe, expect, it } from 'vitest';
import { printable, printableJson } from './printable.ts';

/** First and last of what must not reach a terminal, as Unicode's charts have them. */
const ranges: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x1f], // C0
  [0x7f, 0x9f], // DEL, C1
  [0x61c, 0x61c], // Arabic letter mark
  [0x200e, 0x200f], // left-to-right, right-to-left mark
  [0x2028, 0x2029], // line, paragraph separator
  [0x202a, 0x202e], // embeddings, overrides
  [0x2066, 0x206f], // isolates, deprecated format characters
  [0xd800, 0xdfff], // surrogates
  [0xfeff, 0xfeff], // byte order mark
  [0xfff9, 0xfffb], // annotation
];
const isObeyed = (code: number) => ranges.some(([first, last]) => code >= first && code <= last);

describe('printable', () => {
  it('replaces what a terminal obeys and nothing else, of all characters there are', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const text = `a${String.fromCodePoint(code)}b`;
      const digits = code.toString(16);
      const shown = code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
      const wanted = isObeyed(code) ? `a${shown}b` : text;
      if (printable(text) !== wanted) expect(printable(text)).toBe(wanted);
    }
  });

  it.each([
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['1\r\u001b[Kfake', '1\\x0d\\x1b[Kfake'],
    ['photo\u202egnp.exe', 'photo\\u202egnp.exe'],
    ['\u009b31m', '\\x9b31m'],
    ['half \ud83d of 🍎', 'half \\ud83d of 🍎'],
    ['👩🏽‍🚀 אב\u200f', '👩🏽‍🚀 אב\\u200f'],
    ['C:\\new', 'C:\\new'],
  ])('shows %j as %j, once and for all', (text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printable(shown)).toBe(shown);
  });
});

describe('printableJson', () => {
  it('changes the text and no value, whatever is in it', () => {
    const all = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
    const value = { [String.fromCharCode(...all)]: ['\u202e"\\', `${String.fromCharCode(...all)}é猫🍎`] };
    for (const indent of [undefined, 2, '\t']) {
      const json = printableJson(JSON.stringify(value, undefined, indent));
      expect(JSON.parse(json)).toEqual(value);
      const raw = [...json].filter((character) => isObeyed(character.codePointAt(0) ?? 0));
      expect(raw.filter((character) => character !== '\n' && character !== '\t')).toEqual([]);
    }
  });
});
