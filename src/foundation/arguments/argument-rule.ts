/** What one argument has to be. */
export interface ArgumentRule<Value, Optional extends boolean = false> {
  /** In words, as a sentence goes on: `a whole number of at least 1`. */
  readonly expected: string;
  /** True of one that may be left out, or be undefined. */
  readonly optional: Optional;
  /** Names to choose from. */
  readonly names?: readonly string[];
  /** The next step where it is something else. */
  readonly hint?: string;
  accepts(value: unknown): value is Value;
}

/** A rule for every option of an interface: the compiler wants each, and no other. */
export type OptionRules<Options> = {
  readonly [Name in keyof Required<Options>]: ArgumentRule<
    Exclude<Options[Name], undefined>,
    Record<never, never> extends Pick<Options, Name> ? true : false
  >;
};

/** The same, of an argument that may be left out. */
export function optional<Value>(rule: ArgumentRule<Value>): ArgumentRule<Value, true> {
  return { ...rule, optional: true };
}

/** Anything that `accepts` takes. */
export function valueLike<Value>(
  expected: string,
  accepts: (value: unknown) => boolean,
  hint?: string,
): ArgumentRule<Value> {
  const rule = { expected, optional: false, accepts: (value: unknown): value is Value => accepts(value) } as const;
  return hint === undefined ? rule : { ...rule, hint };
}

/** One of some names. */
export function oneOf<const Name extends string>(names: readonly Name[]): ArgumentRule<Name> {
  const known: readonly unknown[] = names;
  return { ...valueLike<Name>(`one of ${names.join(', ')}`, (value) => known.includes(value)), names };
}

/** Any number, to be looked at further. */
export function number(): ArgumentRule<number> {
  return valueLike('a number', (value) => typeof value === 'number');
}

/** A whole number within bounds, both included. */
export function wholeNumber(min = 0, max = Number.MAX_SAFE_INTEGER): ArgumentRule<number> {
  const most = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const accepts = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  return valueLike(`a whole number ${most}`, accepts);
}

/** A finite number of at least `min`. */
export function numberFrom(min: number): ArgumentRule<number> {
  return valueLike(`a number of at least ${min}`, (value) => Number.isFinite(value) && Number(value) >= min);
}

/** A finite number above `least`. */
export function numberAbove(least: number): ArgumentRule<number> {
  return valueLike(`a number above ${least}`, (value) => Number.isFinite(value) && Number(value) > least);
}

/** A number between 0 and 1, both excluded. */
export function properShare(): ArgumentRule<number> {
  return valueLike('a number between 0 and 1', (value) => typeof value === 'number' && value > 0 && value < 1);
}

/** Text with at least one letter in it. */
export function text(what = 'a text that is not empty'): ArgumentRule<string> {
  return valueLike(what, (value) => typeof value === 'string' && value !== '');
}

/** True or false. */
export function flag(): ArgumentRule<boolean> {
  return valueLike('true or false', (value) => typeof value === 'boolean');
}

/** A function that is called back. */
export function callback<Callback>(): ArgumentRule<Callback> {
  return valueLike('a function', (value) => typeof value === 'function');
}

/** What stops long work. */
export function abortSignal(): ArgumentRule<AbortSignal> {
  const accepts = (value: unknown) => has(value, 'throwIfAborted') && has(value, 'addEventListener');
  return valueLike('an AbortSignal', accepts, 'new AbortController().signal is one');
}

/** An object that has these functions. */
export function objectWith<Value>(what: string, functions: readonly string[], hint?: string): ArgumentRule<Value> {
  return valueLike(what, (value) => isObject(value) && functions.every((name) => has(value, name)), hint);
}

/** An array of what a rule takes. */
export function arrayOf<Value>(what: string, element: ArgumentRule<Value>): ArgumentRule<readonly Value[]> {
  return valueLike(what, (value) => Array.isArray(value) && value.every((one) => element.accepts(one)));
}

/** An array or a typed array, whose elements are looked at where they are used. */
export function arrayLike<Element>(what: string): ArgumentRule<ArrayLike<Element>> {
  const accepts = (value: unknown) =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  return valueLike(what, accepts);
}

/** Numbers of 32 bits, one row after the other; an array of another realm is one, too. */
export function float32Array(what = 'a Float32Array with the rows one after the other'): ArgumentRule<Float32Array> {
  const accepts = (value: unknown) => Object.prototype.toString.call(value) === '[object Float32Array]';
  return valueLike(what, accepts, 'of rows of numbers it is Float32Array.from(rows.flat())');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(value: unknown, name: string): boolean {
  return isObject(value) && typeof Reflect.get(value, name) === 'function';
}
