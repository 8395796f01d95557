import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Lets a page of another site read the answer (CORS), which has been asked for by name.
 *
 * @returns true if the request was a browser's question whether it may ask, which is answered hereby.
 */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, origin: string): boolean {
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'Origin',
  });
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
  reply
    .headers({
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    })
    .code(204)
    .send();
  return true;
}
