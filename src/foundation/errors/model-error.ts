import { LookalikeError } from './lookalike-error.ts';

/** A model file, or a file of weights or of a backbone, cannot be used: it is missing, damaged, of another format, or closed. */
export class ModelError extends LookalikeError {
  readonly code = 'model';
}
