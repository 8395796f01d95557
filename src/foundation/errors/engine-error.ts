import { LookalikeError } from './lookalike-error.ts';

/**
 * What does the work cannot: an engine cannot be had (its library is missing, of another version, or lacks something), refuses
 * a graph or what it is fed, or has released what is asked of it; a thread or a process that computes, prepares or decodes did
 * not start, or has ended.
 */
export class EngineError extends LookalikeError {
  readonly code = 'engine';
}
