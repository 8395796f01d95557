import { graphemes } from './graphemes.ts';

/** Letters that terminals give two columns: those of East Asian scripts, full-width forms, and emoji, but no half-width forms. */
const wide =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]|\ufe0f/u;

/**
 * The columns that a text takes on a terminal: one for each letter with its accents, two for East Asian letters and
 * emoji. Terminals differ over rare signs; tables are then off by a column there. Takes time linear in the text's length.
 */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const grapheme of graphemes(text)) columns += graphemeWidth(grapheme);
  return columns;
}

/** The columns of one letter with its accents. */
export function graphemeWidth(grapheme: string): number {
  return wide.test(grapheme) ? 2 : 1;
}
