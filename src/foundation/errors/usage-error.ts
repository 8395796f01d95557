import { LookalikeError } from './lookalike-error.ts';

/** What was wrong with an argument. */
export interface Misuse extends ErrorOptions {
  /** Where: the argument's name, and the way into it. `choices.loss`, `distance`. */
  readonly path: string;
  /** What is expected there, as a sentence goes on: `one of euclidean, cosine`. */
  readonly expected: string;
  /** What was given. */
  readonly value?: unknown;
  /** The known name that is most like the given one. */
  readonly nearest?: string | undefined;
}

/** An argument of a function is wrong: an unknown name or key, a wrong type, a number out of range. */
export class UsageError extends LookalikeError {
  readonly code = 'usage';
  /** Where: the argument's name, and the way into it. `choices.loss`, `distance`. */
  readonly path: string;
  /** What is expected there: `one of euclidean, cosine`. */
  readonly expected: string;
  /** What was given. From a thread it is missing where it cannot leave it, as a function cannot. */
  readonly value: unknown;
  /** The known name or key that is most like the given one; undefined where none is. */
  readonly nearest: string | undefined;

  constructor(message: string, { path, expected, value, nearest, ...options }: Misuse) {
    super(message, options);
    this.path = path;
    this.expected = expected;
    this.value = value;
    this.nearest = nearest;
  }
}
