const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Letters that terminals give two columns: those of East Asian scripts, full-width forms, and emoji, but no half-width forms. */
const wide =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]|\ufe0f/u;

/**
 * The columns that a text takes on a terminal: one for each letter with its accents, two for East Asian letters and
 * emoji. Terminals differ over rare signs; tables are then off by a column there.
 */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += wide.test(segment) ? 2 : 1;
  return columns;
}
