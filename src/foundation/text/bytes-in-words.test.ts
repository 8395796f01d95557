import { expect, it } from 'vitest';
import { bytesInWords } from './bytes-in-words.ts';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [12_345, '12.3 kB'],
  [999_999, '1 MB'],
  [1_234_567, '1.23 MB'],
  [5e15, '5000 TB'],
])('says %d bytes as %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
