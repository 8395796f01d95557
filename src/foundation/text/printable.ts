/**
 * What a terminal obeys instead of showing it, and what makes it show text in another order than it is stored: controls
 * (C0, DEL, C1), line and paragraph separators, bidirectional controls, annotation marks, the byte order mark, and halves
 * of surrogate pairs, which no terminal can be sent.
 */
const obeyed = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u206a-\u206f\ufff9-\ufffb\ufeff]/gu;

/**
 * Text of unknown origin as one line that shows the same on every terminal: what a terminal would obey becomes `\x1b`, above
 * 255 `\u202e`; a line break becomes `\x0a`. All else stays as it is, backslashes too. Applied twice it changes nothing more.
 */
export function printable(text: string): string {
  return text.replace(obeyed, escaped);
}

/** JSON text without the characters that `printable` replaces, equal once it is parsed: `\u001b`. */
export function printableJson(json: string): string {
  // JSON has no line break or tab but between its values.
  return json.replace(obeyed, (character) =>
    character === '\n' || character === '\t' ? character : `\\u${hexadecimal(character).padStart(4, '0')}`,
  );
}

function escaped(character: string): string {
  const digits = hexadecimal(character);
  return digits.length > 2 ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`;
}

/** Every character in question is one code unit. */
function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16);
}
