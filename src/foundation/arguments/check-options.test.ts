import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors/usage-error.ts';
import {
  abortSignal,
  arrayLike,
  arrayOf,
  callback,
  flag,
  float32Array,
  numberAbove,
  numberFrom,
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  properShare,
  text,
  wholeNumber,
} from './argument-rule.ts';
import { checkOptions } from './check-options.ts';

interface Options {
  readonly rows: Float32Array;
  readonly by?: 'near' | 'far';
  readonly count?: number;
  readonly least?: number;
  readonly step?: number;
  readonly share?: number;
  readonly name?: string;
  readonly quick?: boolean;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
  readonly engine?: { compile(): void };
  readonly ks?: readonly number[];
  readonly labels?: ArrayLike<number>;
}

const rules: OptionRules<Options> = {
  rows: float32Array(),
  by: optional(oneOf(['near', 'far'])),
  count: optional(wholeNumber(1, 9)),
  least: optional(numberFrom(0)),
  step: optional(numberAbove(0)),
  share: optional(properShare()),
  name: optional(text()),
  quick: optional(flag()),
  onProgress: optional(callback()),
  signal: optional(abortSignal()),
  engine: optional(objectWith('an engine', ['compile'], 'create() gives one')),
  ks: optional(arrayOf('whole numbers of at least 1', wholeNumber(1))),
  labels: optional(arrayLike('an array of whole numbers')),
};

const rows = new Float32Array(2);

function refused(options: unknown): UsageError {
  try {
    checkOptions(options as Options, rules);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('checkOptions', () => {
  it('takes what is right, and undefined where an option may be left out', () => {
    const all: Options = {
      rows,
      by: 'far',
      count: 9,
      least: 0,
      step: 0.1,
      share: 0.5,
      name: 'a',
      quick: false,
      onProgress: () => {},
      signal: new AbortController().signal,
      engine: { compile() {} },
      ks: [1, 5],
      labels: Int32Array.of(-1, 2),
    };
    checkOptions(all, rules);
    checkOptions({ rows }, rules);
    checkOptions({ rows, labels: [3], by: undefined } as never, rules);
  });

  it.each<[object, string, string, string | undefined]>([
    [{}, 'rows', 'a Float32Array with the rows one after the other is expected; it is missing', undefined],
    [{ rows: [1] }, 'rows', 'this is an array of 1; of rows of numbers it is', undefined],
    [{ rows, by: 'farr' }, 'by', "one of near, far is expected; this is the text 'farr'; did you mean far?", 'far'],
    [{ rows, by: 3 }, 'by', 'this is the number 3', undefined],
    [{ rows, count: 10 }, 'count', 'a whole number from 1 to 9 is expected; this is the number 10', undefined],
    [{ rows, count: 1.5 }, 'count', 'this is the number 1.5', undefined],
    [{ rows, count: '3' }, 'count', "this is the text '3'", undefined],
    [{ rows, least: -1 }, 'least', 'a number of at least 0', undefined],
    [{ rows, least: Number.POSITIVE_INFINITY }, 'least', 'a number of at least 0', undefined],
    [{ rows, step: 0 }, 'step', 'a number above 0', undefined],
    [{ rows, share: 1 }, 'share', 'a number between 0 and 1', undefined],
    [{ rows, name: '' }, 'name', 'this is an empty text', undefined],
    [{ rows, quick: 1 }, 'quick', 'true or false is expected', undefined],
    [{ rows, onProgress: 1 }, 'onProgress', 'a function is expected', undefined],
    [{ rows, signal: new AbortController() }, 'signal', 'new AbortController().signal is one', undefined],
    [{ rows, engine: {} }, 'engine', 'an engine is expected; this is an empty object; create() gives one', undefined],
    [{ rows, ks: [0] }, 'ks', 'whole numbers of at least 1', undefined],
    [{ rows, labels: new DataView(new ArrayBuffer(4)) }, 'labels', 'an array of whole numbers', undefined],
    [{ rows, labels: 3 }, 'labels', 'an array of whole numbers', undefined],
    [{ rows, on_progress: 1 }, 'on_progress', 'there is no such option; did you mean onProgress?', 'onProgress'],
    [{ rows, constructor: 1 }, 'constructor', 'there is no such option', undefined],
    [[], 'options', 'an object of options is expected; this is an array of 0', undefined],
  ])('refuses %j', (options, path, message, nearest) => {
    const error = refused(options);
    expect(error).toMatchObject({ code: 'usage', path, nearest });
    expect(error.message).toContain(message);
  });

  it('names the way in', () => {
    expect(refused(null)).toMatchObject({ path: 'options', value: null });
    expect(() => checkOptions({ rows, count: 0 } as Options, rules, 'a.b')).toThrow('a.b.count: a whole number');
    expect(() => checkOptions({ rows, cout: 0 } as never, rules, 'a.b')).toThrow('a.b.cout: there is no such option');
  });
});
