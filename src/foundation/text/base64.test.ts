import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { base64Bytes, fromBase64, toBase64 } from './base64.ts';

describe('base64', () => {
  it.each([0, 1, 2, 3, 4, 8191, 8192, 8193, 30_000])("is Buffer's, of %i bytes", (length) => {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * place * 31 + place) % 256);
    const expected = Buffer.from(bytes).toString('base64');
    expect(toBase64(bytes)).toBe(expected);
    expect(Buffer.compare(fromBase64(expected), bytes)).toBe(0);
    expect(base64Bytes(expected)).toBe(length);
  });
});
