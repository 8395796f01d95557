import { graphemeWidth } from './display-width.ts';
import { graphemes, wholeCharacters } from './graphemes.ts';

/** Code units that a column may take: a letter may carry any number of accents. */
const unitsAColumn = 8;

/**
 * A text that takes at most so many columns on a terminal: as it is if it does, else its beginning and end around `…`. A
 * letter is kept with its accents or goes whole. Takes time linear in `columns`, whatever the text's length.
 *
 * @param columns at least 1.
 */
export function cutToColumns(text: string, columns: number): string {
  if (2 * text.length <= columns) return text;
  const units = unitsAColumn * columns;
  const all = text.length > units ? [] : fitting(graphemes(text), columns);
  if (all.join('').length === text.length) return text;
  const begin = fitting(graphemes(text.slice(0, wholeCharacters(text, units))), Math.ceil((columns - 1) / 2));
  const end = text.slice(wholeCharacters(text, Math.max(0, text.length - units)));
  // The first letter of what is looked at may have begun before.
  const last = fitting([...graphemes(end)].slice(1).reverse(), Math.floor((columns - 1) / 2));
  return `${begin.join('')}…${last.reverse().join('')}`;
}

/** The first letters that fit into so many columns. */
function fitting(letters: Iterable<string>, columns: number): string[] {
  const taken: string[] = [];
  let width = 0;
  for (const letter of letters) {
    width += graphemeWidth(letter);
    if (width > columns) break;
    taken.push(letter);
  }
  return taken;
}

/**
 * A line of at most about `most` letters: as it is if it has no more, else its beginning, how many letters are left out, and
 * its end, which often says what to do next.
 */
export function abridged(line: string, most: number): string {
  if (line.length <= most) return line;
  const begin = line.slice(0, wholeCharacters(line, Math.ceil((2 * most) / 3)));
  const end = line.slice(wholeCharacters(line, line.length - Math.floor(most / 3)));
  return `${begin} … (${line.length - begin.length - end.length} letters left out) … ${end}`;
}
