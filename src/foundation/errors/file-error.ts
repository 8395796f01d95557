import { LookalikeError } from './lookalike-error.ts';

/** A file cannot be read, written or understood; `cause` is the error of the operating system, if it says so. */
export class FileError extends LookalikeError {
  readonly code = 'file';
}
