import { LookalikeError } from './lookalike-error.ts';

/** What cannot happen has happened: a fault of this library, whatever it was given. */
export class InternalError extends LookalikeError {
  readonly code = 'internal';
}
