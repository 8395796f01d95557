import { LookalikeError } from './lookalike-error.ts';

/** A file cannot be had from elsewhere: no network, not there, not allowed, or not what its source says that it is. */
export class DownloadError extends LookalikeError {
  readonly code = 'download';
}
