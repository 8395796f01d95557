import { LookalikeError } from './lookalike-error.ts';

/** A store cannot be used: there is none, it belongs to another model or place, or what keeps it fails. */
export class StoreError extends LookalikeError {
  readonly code = 'store';
}
