/** Code units that are segmented at a time. */
const windowLength = 256;

/**
 * The letters of a text as people count them, each with its accents, in order: what `Intl.Segmenter` gives, in linear time,
 * where it takes quadratic time over a long text. Of plain letters each is one: the first segmenter of a program takes 8 ms to make,
 * which is longer than all that most commands say.
 */
export function* graphemes(text: string): Generator<string, void, undefined> {
  if (/^[ -~]*$/.test(text)) {
    yield* text;
    return;
  }
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  let start = 0;
  let length = windowLength;
  while (start < text.length) {
    const end = wholeCharacters(text, start + length);
    const segments = [...segmenter.segment(text.slice(start, end))].map(({ segment }) => segment);
    if (end < text.length) {
      // The last one may go on behind the window. A window with a single one grows until it ends.
      const last = segments.pop();
      if (segments.length === 0) {
        length *= 2;
        continue;
      }
      yield* segments;
      start = end - (last?.length ?? 0);
      length = windowLength;
    } else {
      yield* segments;
      start = end;
    }
  }
}

/** The place, or the next one if a surrogate pair would be cut there. */
export function wholeCharacters(text: string, place: number): number {
  const cutsPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(place - 1, place + 1));
  return Math.min(text.length, cutsPair ? place + 1 : place);
}
