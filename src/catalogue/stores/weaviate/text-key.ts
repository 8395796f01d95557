const [high, low] = ['abcdefghijklmnop', 'ABCDEFGHIJKLMNOP'];
/** What every key of a value begins with: Weaviate indexes no empty text. */
const begin = 'v';

/**
 * A value as Weaviate indexes it for filters, as a text of letters alone: Weaviate would cut spaces off, know `*` and `?` as any
 * letters, and take whole numbers for another kind. Each byte is a small letter and a capital, its upper and lower four bits. So
 * order, equality, beginnings and parts are those of the bytes; a part begins with a small letter, so that none is found across two.
 *
 * A text is its UTF-8, whose order is that of code points; a number its float64 with the sign turned so that the order is that of
 * numbers.
 */
export function valueKey(value: string | number | boolean | Date): string {
  if (typeof value === 'string') return begin + textKey(value);
  if (typeof value === 'boolean') return begin + textKey(String(value));
  return begin + bytesKey(orderedBytes(Number(value)));
}

/** The pattern of the texts that begin with one, or have it in them. */
export function keyPattern(match: 'starts' | 'contains', text: string): string {
  const key = textKey(text);
  return match === 'starts' || key === '' ? `${begin}${key}*` : `${begin}*${key}*`;
}

function textKey(text: string): string {
  return bytesKey(Buffer.from(text, 'utf8'));
}

function bytesKey(bytes: Uint8Array): string {
  let key = '';
  for (const byte of bytes) key += high[byte >> 4] + low[byte & 15];
  return key;
}

function orderedBytes(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  if (value < 0) return bytes.map((byte) => ~byte & 0xff);
  bytes[0] |= 0x80;
  return bytes;
}
