import { LookalikeError } from './lookalike-error.ts';

/** Images and labels cannot be had from a place: nothing is there, no known layout, or its lists are wrong. */
export class DatasetError extends LookalikeError {
  readonly code = 'dataset';
}
