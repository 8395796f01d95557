import { type Buffer, isUtf8 } from 'node:buffer';

/**
 * A name that is not UTF-8 as text from which its bytes can be told: what is not UTF-8 is written as `\xe9`, a backslash
 * as `\\`. Where a name in `taken` is the same, `\.`, which stands for nothing, is put before it until none is.
 */
export function escapedName(name: Buffer, taken: ReadonlySet<string>): string {
  let text = '';
  for (let at = 0; at < name.length; ) {
    const length = characterLength(name, at);
    const character = name.toString('utf8', at, at + length);
    text += length === 0 ? `\\x${name.toString('hex', at, at + 1)}` : character === '\\' ? '\\\\' : character;
    at += Math.max(length, 1);
  }
  while (taken.has(text)) text = `\\.${text}`;
  return text;
}

/** Bytes of the UTF-8 character that begins at a place; 0 if none does. */
function characterLength(bytes: Buffer, at: number): number {
  const lengths = [1, 2, 3, 4].filter((length) => at + length <= bytes.length);
  return lengths.find((length) => isUtf8(bytes.subarray(at, at + length))) ?? 0;
}
