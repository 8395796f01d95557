import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { damageOf } from './vector-file-error.ts';

describe('damageOf', () => {
  it('says in one line what a reader found, and leaves out how the reader itself stumbled', () => {
    const found = z.object({ row: z.object({ id: z.string() }) }).safeParse({ row: { id: 5 } });
    expect(damageOf(found.error)).toMatch(/^a row has no right 'row.id': .*expected string/);
    expect(damageOf(new Error('parquet file invalid (footer != PAR1)\nand more'))).toBe(
      'parquet file invalid (footer != PAR1)',
    );
    expect(damageOf(new TypeError("Cannot read properties of null (reading 'x')"))).toBe(
      'its parts do not go together; write it again',
    );
    expect(damageOf('a text')).toBe('its parts do not go together; write it again');
  });
});
