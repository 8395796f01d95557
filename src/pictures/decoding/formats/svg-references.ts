import type { Buffer } from 'node:buffer';

/** Encodings in which markup is what it looks like byte by byte. */
const plainEncodings = /^(utf-8|us-ascii|ascii|iso-8859-1|windows-1252)$/i;

/**
 * What a drawing (SVG) refers to outside of itself: a picture, a style sheet, a font, an entity; undefined if nothing. Links that
 * somebody could follow (`<a>`) are none. A drawing in which this cannot be seen, for it is compressed or of another encoding,
 * counts as one that does.
 *
 * The renderer loads nothing of the kind; this is for who wants to refuse such a drawing before it is rendered.
 */
export function externalReference(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'a compressed drawing';
  const text = bytes.toString('latin1');
  if (text.includes('\0')) return 'a drawing of another encoding than UTF-8';
  const encoding = /^\W{0,3}<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)/i.exec(text)?.[1];
  if (encoding !== undefined && !plainEncodings.test(encoding)) return `the encoding ${encoding}`;
  const entity = /<!ENTITY[^>]*?\s(?:SYSTEM|PUBLIC)\s[^>]*/i.exec(text)?.[0];
  if (entity !== undefined) return entity;
  const shown = text.replace(/<(?:[\w-]+:)?a\s[^<>]*>/gi, '');
  return (
    reference(shown, /\b(?:href|src|base)\s*=\s*(?:"\s*([^"]*)|'\s*([^']*))/gi) ??
    reference(shown, /\burl\(\s*(?:"\s*([^"]*)"|'\s*([^']*)'|([^)"']*))/gi) ??
    reference(shown, /@import\s+(?:"([^"]*)|'([^']*))/gi)
  );
}

/** The first of what a pattern finds that is neither within the drawing nor carried by it. */
function reference(text: string, pattern: RegExp): string | undefined {
  for (const [, ...groups] of text.matchAll(pattern)) {
    const target = groups.find((group) => group !== undefined) ?? '';
    if (target.trim() !== '' && !/^(?:#|data:)/i.test(target)) return target;
  }
  return undefined;
}
