import { UsageError } from '../errors/usage-error.ts';
import { givenValue } from './given-value.ts';
import { nearestName, suggestion } from './nearest-name.ts';

/** An argument that is not what it has to be. */
export interface WrongArgument {
  /** Where: the argument's name, and the way into it. `choices.loss`. */
  readonly path: string;
  /** What it has to be, as a sentence goes on: `a whole number of at least 1`. */
  readonly expected: string;
  readonly value: unknown;
  /** Names to choose from, of which the nearest is asked for. */
  readonly names?: readonly string[] | undefined;
  /** The next step, as a sentence goes on: `OnnxruntimeEngine.create() gives one`. */
  readonly hint?: string | undefined;
}

/** The error of a wrong argument: `threads: a whole number of at least 1 is expected, not the number 0`. */
export function wrongArgument({ path, expected, value, names = [], hint }: WrongArgument): UsageError {
  const typed = typeof value === 'string' ? value : '';
  const given = value === undefined ? 'it is missing (undefined)' : `this is ${givenValue(value)}`;
  const next = hint === undefined ? '' : `; ${hint}`;
  return new UsageError(`${path}: ${expected} is expected; ${given}${suggestion(typed, names)}${next}`, {
    path,
    expected,
    value,
    nearest: nearestName(typed, names),
  });
}

/** The error of a key that no option has: `choices.learning_rate: there is no such option; did you mean learningRate?`. */
export function unknownOption(
  key: string,
  {
    within = '',
    known,
    value,
  }: { readonly within?: string; readonly known: readonly string[]; readonly value: unknown },
): UsageError {
  const path = within === '' ? key : `${within}.${key}`;
  const nearest = nearestOption(key, known);
  const next = nearest === undefined ? `; there are ${known.join(', ')}` : `; did you mean ${nearest}?`;
  return new UsageError(`${path}: there is no such option${next}`, {
    path,
    expected: `one of the options ${known.join(', ')}`,
    value,
    nearest,
  });
}

/** `learning_rate` and `learning-rate` are `learningRate` with other marks between the words. */
function nearestOption(key: string, known: readonly string[]): string | undefined {
  return nearestName(key.replace(/[_-]/g, ''), known);
}
