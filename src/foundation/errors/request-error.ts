import { LookalikeError } from './lookalike-error.ts';

/** What kinds of refusal a service knows, each with its HTTP status. */
export const problemStatuses = {
  usage: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  store: 409,
  'too-large': 413,
  'content-type': 415,
  'unreadable-image': 422,
  busy: 429,
  failed: 500,
  unavailable: 503,
} as const satisfies Readonly<Record<string, number>>;

/** A kind of refusal. */
export type ProblemCode = keyof typeof problemStatuses;

/** What is known of a refused request beside the message. */
export interface RefusedRequest {
  /** Which argument is wrong, and the way into it: `request.k`. */
  readonly path?: string | undefined;
  /** Seconds after which to try again. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A request that a service refuses, or could not do. The client rejects with it what the service has answered so. */
export class RequestError extends LookalikeError {
  readonly code = 'request';
  /** What kind of refusal it is. */
  readonly problem: ProblemCode;
  /** The HTTP status. */
  readonly status: number;
  readonly path: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(problem: ProblemCode, message: string, { path, retryAfter, cause }: RefusedRequest = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.problem = problem;
    this.status = problemStatuses[problem];
    this.path = path;
    this.retryAfter = retryAfter;
  }
}
