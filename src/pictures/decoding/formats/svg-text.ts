import { Buffer } from 'node:buffer';

/** So far the decoder looks for `<svg`, by which it knows a drawing; it knows none whose first bytes are not ASCII. */
const lookedThrough = 1000;
/** Bytes before the drawing itself that are looked through: comments with licences are long. */
const longestPrologue = 2 ** 20;
const mark = '<!--<svg-->';

/** The byte order marks of texts that are not ASCII from their first byte on. */
const encodings = [
  ['utf-16le', '\xff\xfe'],
  ['utf-16be', '\xfe\xff'],
  ['utf-8', '\xef\xbb\xbf'],
] as const;

/** The encoding that a byte order mark says; undefined without one. */
export function markedEncoding(bytes: Buffer): (typeof encodings)[number][0] | undefined {
  const start = bytes.subarray(0, 3).toString('latin1');
  return encodings.find(([, order]) => start.startsWith(order))?.[0];
}

/**
 * The drawing as the decoder knows one: in UTF-8, whatever the file is in, without a byte order mark, and with `<svg` in its first 1,000 bytes, in a comment
 * if its own is behind long comments or a list of entities, or has a prefix. The same bytes where nothing is to be done, and of
 * what is no drawing.
 */
export function knownSvg(bytes: Buffer): Buffer {
  const encoding = markedEncoding(bytes) ?? declaredEncoding(bytes);
  const plain = encoding === undefined ? bytes : asUtf8(bytes, encoding);
  const start = plain.subarray(0, longestPrologue).toString('latin1');
  if (!isDrawing(start)) return bytes;
  const drawing = plain.subarray(start.length - start.trimStart().length);
  const text = start.trimStart();
  if (text.slice(0, lookedThrough).includes('<svg')) return drawing;
  // Nothing may stand before the XML declaration.
  const declared = /^<\?xml\s[^>]*\?>/.exec(text)?.[0].length ?? 0;
  return Buffer.concat([drawing.subarray(0, declared), Buffer.from(mark), drawing.subarray(declared)]);
}

/** The encoding of the XML declaration, unless the decoder knows it or nobody does. */
function declaredEncoding(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 200).toString('latin1');
  const encoding = /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)/i.exec(start)?.[1];
  if (encoding === undefined || /^(utf-?8|us-ascii)$/i.test(encoding)) return undefined;
  try {
    return new TextDecoder(encoding).encoding;
  } catch {
    return undefined;
  }
}

/** Without the mark, and without an XML declaration that says another encoding. */
function asUtf8(bytes: Buffer, encoding: string): Buffer {
  const text = new TextDecoder(encoding).decode(bytes);
  return Buffer.from(text.replace(/^(\s*<\?xml\s[^>]*?)\sencoding\s*=\s*(?:"[^"]*"|'[^']*')/i, '$1'));
}

/** True of a text whose first element is `svg`, whatever its prefix. */
function isDrawing(text: string): boolean {
  const before = /\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*')*(?:\[[\s\S]*?\]\s*)?>/gy;
  let at = 0;
  for (;;) {
    before.lastIndex = at;
    if (!before.test(text)) break;
    at = before.lastIndex;
  }
  return /<(?:[\w.-]+:)?svg[\s/>]/y.test(text.slice(at, at + 200));
}
