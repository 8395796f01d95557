import { describe, expect, it } from 'vitest';
import { jsonIssue } from './json-issue.ts';

describe('jsonIssue', () => {
  const value = { batch: { rows: 1e9, list: [1, 'two'] }, long: 'x'.repeat(100) };
  it('names the place, the value and what was expected', () => {
    expect(jsonIssue(value, { path: ['batch', 'rows'], message: 'too big' })).toBe(
      "'batch.rows' is 1000000000 (too big)",
    );
    expect(jsonIssue(value, { path: ['batch', 'list', 1], message: 'a number' }, 'my.')).toBe(
      `'my.batch.list.1' is "two" (a number)`,
    );
  });
  it('is the message alone where the whole is wrong', () => {
    expect(jsonIssue(value, { path: [], message: 'an array is expected' })).toBe('an array is expected');
  });

  it('says what is missing, and cuts what is long', () => {
    expect(jsonIssue(value, { path: ['batch', 'rows', 'x'], message: 'wanted' })).toBe(
      "'batch.rows.x' is missing (wanted)",
    );
    expect(jsonIssue(value, { path: ['long'], message: 'short' })).toBe(`'long' is "${'x'.repeat(59)}… (short)`);
  });

  it('follows no nesting without end', () => {
    const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
    expect(jsonIssue({ deep }, { path: ['deep'], message: 'a number' })).toBe(
      "'deep' is nested 200000 deep (a number)",
    );
  });
});
