import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../errors/usage-error.ts';
import { checkedArgument } from './checked-argument.ts';

const schema = z.strictObject({
  kind: z.enum(['sgd', 'adamw']),
  rate: z.number().positive().optional(),
  rows: z.int().min(3).max(9).optional(),
  share: z.number().min(0).lt(1).optional(),
  inner: z.strictObject({ file: z.string().min(1), deep: z.boolean().optional() }).optional(),
  pair: z.union([z.enum(['x']), z.array(z.number())], { error: 'x, or an array of numbers' }).optional(),
  done: z.custom<() => void>((value) => typeof value === 'function', 'a function').optional(),
});

function refused(value: unknown): UsageError {
  try {
    checkedArgument(schema, value, 'choices');
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('checkedArgument', () => {
  it('gives what is right', () => {
    const value = { kind: 'sgd', rate: 0.1, rows: undefined, inner: { file: 'a' }, pair: [1] };
    expect(checkedArgument(schema, value, 'choices')).toEqual(value);
  });

  it.each<[object, string, string, string | undefined]>([
    [{ kind: 'adam' }, 'choices.kind', "choices.kind: one of sgd, adamw is expected; this is the text 'adam'", 'adamw'],
    [{ kind: 'sgd', rate: 0 }, 'choices.rate', 'a number above 0 is expected; this is the number 0', undefined],
    [{ kind: 'sgd', rate: '1' }, 'choices.rate', "a number is expected; this is the text '1'", undefined],
    [{ kind: 'sgd', rate: Number.NaN }, 'choices.rate', 'a number is expected; this is the number NaN', undefined],
    [{ kind: 'sgd', rows: 2.5 }, 'choices.rows', 'a whole number is expected; this is the number 2.5', undefined],
    [{ kind: 'sgd', rows: 2 }, 'choices.rows', 'a number of at least 3 is expected; this is the number 2', undefined],
    [{ kind: 'sgd', rows: 10 }, 'choices.rows', 'a number of at most 9 is expected', undefined],
    [{ kind: 'sgd', share: 1 }, 'choices.share', 'a number below 1 is expected', undefined],
    [{ kind: 'sgd', inner: { file: '' } }, 'choices.inner.file', 'a text of at least 1 letters is expected', undefined],
    [{ kind: 'sgd', inner: {} }, 'choices.inner.file', 'a text is expected; it is missing (undefined)', undefined],
    [{ kind: 'sgd', inner: 3 }, 'choices.inner', 'an object is expected; this is the number 3', undefined],
    [{ kind: 'sgd', pair: 'y' }, 'choices.pair', 'x, or an array of numbers is expected', undefined],
    [{ kind: 'sgd', done: 1 }, 'choices.done', 'a function is expected; this is the number 1', undefined],
    [{ kind: 'sgd', rat: 1 }, 'choices.rat', 'there is no such option; did you mean rate?', 'rate'],
    [{ kind: 'sgd', inner: { File: 'a' } }, 'choices.inner.File', 'did you mean file?', 'file'],
    [{ kind: 'sgd', colour: 1 }, 'choices.colour', 'there is no such option; there are kind, rate, rows', undefined],
    [{}, 'choices.kind', 'one of sgd, adamw is expected; it is missing (undefined)', undefined],
    [[], 'choices', 'an object is expected; this is an array of 0', undefined],
  ])('refuses %j', (value, path, message, nearest) => {
    const error = refused(value);
    expect(error).toMatchObject({ code: 'usage', path, nearest });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(new RegExp(`^${path}: `));
  });

  it('has the value that was wrong, and what is expected', () => {
    expect(refused({ kind: 'sgd', rows: 10 })).toMatchObject({ value: 10, expected: 'a number of at most 9' });
    expect(refused({ kind: 'sgd', rat: 1 }).value).toBe(1);
    expect(refused(null)).toMatchObject({ path: 'choices', value: null, expected: 'an object' });
  });
});
