/** What kind of thing went wrong, for programs: a code stays what it is from version to version, a message may not. */
export type ErrorCode =
  | 'usage'
  | 'unreadable-image'
  | 'dataset'
  | 'file'
  | 'model'
  | 'store'
  | 'training'
  | 'download'
  | 'engine'
  | 'graph'
  | 'internal'
  | 'too-few-pairs'
  | 'request'
  | 'aborted';

/**
 * An error of this library. Its message says what is wrong, where, and what to do about it, in one line for people; its
 * `code` says to a program what kind it is; `cause` is the error behind it, if there is one.
 */
export abstract class LookalikeError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
  }
}
