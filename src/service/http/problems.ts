import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';
import { RequestError } from '../../foundation/errors/request-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';

/** What Fastify and its plugins call what is wrong with a request, as far as it is not a usage error. */
const problemOfStatus = { 404: 'not-found', 408: 'request-timeout', 413: 'too-large', 415: 'content-type' } as const;

/** Its own message names a place of the machine. */
const storeProblem = 'nothing is indexed yet, or the store cannot be used: the log of the service says which';

/**
 * The refusal that an error is to the client. What is a fault of ours says nothing of its cause, which may name files: that is
 * for the log.
 */
export function refusalOf(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  if (error instanceof UsageError) return new RequestError('usage', error.message, { path: error.path, cause: error });
  if (error instanceof LookalikeError) {
    if (error instanceof UnreadableImageError) {
      return new RequestError('unreadable-image', `a picture cannot be read: ${error.reason}`, { cause: error });
    }
    if (error.code === 'store') return new RequestError('store', storeProblem, { cause: error });
  }
  const { statusCode, message } = error as { readonly statusCode?: unknown; readonly message: string };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const known = problemOfStatus[statusCode as keyof typeof problemOfStatus] ?? 'usage';
    return new RequestError(known, message, { cause: error });
  }
  return new RequestError('failed', 'the service has failed at this request: its log says why', { cause: error });
}

/** The document that a refusal is answered with. */
export function problemDocument({ problem, message, path }: RequestError) {
  return { error: { code: problem, message, ...(path === undefined ? {} : { path }) } };
}
