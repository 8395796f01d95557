import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { queryNumber } from './query-number.ts';

const schema = queryNumber(z.int().min(1).max(100)).default(20);

describe('queryNumber', () => {
  it.each([
    ['1', 1],
    ['007', 7],
    ['100', 100],
    [undefined, 20],
  ])('reads %j as %d', (text, number) => expect(schema.parse(text)).toBe(number));

  it.each(['', ' ', '0', '101', '1.5', '1e1', '0x10', '-1', '+1', ' 1', 'one', 'null', ['1', '2'], 1, null])(
    'refuses %j',
    (text) => expect(schema.safeParse(text).success).toBe(false),
  );
});
