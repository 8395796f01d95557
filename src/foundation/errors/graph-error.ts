import { LookalikeError } from './lookalike-error.ts';

/** A graph cannot be: an operator's inputs or shapes do not fit, a file of a graph cannot be read or written, a node has no gradient. */
export class GraphError extends LookalikeError {
  readonly code = 'graph';
}
