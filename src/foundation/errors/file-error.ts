import { LookalikeError } from './lookalike-error.ts';

/** An operation on a file failed; `cause` is the error of the operating system. */
export class FileError extends LookalikeError {
  readonly code = 'file';
}
