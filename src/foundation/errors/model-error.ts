import { LookalikeError } from './lookalike-error.ts';

/** A model file cannot be used: it is missing, damaged, of another format, or closed. */
export class ModelError extends LookalikeError {
  readonly code = 'model';
}
