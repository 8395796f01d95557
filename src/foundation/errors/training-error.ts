import { LookalikeError } from './lookalike-error.ts';

/** A run cannot begin, go on, or get better. */
export class TrainingError extends LookalikeError {
  readonly code = 'training';
}
