import { RequestError } from '../../../foundation/errors/request-error.ts';
import { mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/** Signs pages in. */
export const sessionRoutes: RouteGroup = (app, context) => {
  mount(app, context, 'openSession', async ({ document, request, reply }) => {
    const { token } = context;
    if (token === undefined) return undefined;
    if (!token.isToken(document.token)) throw new RequestError('unauthorized', 'this is not the token of the service');
    // What a proxy says of TLS can only make the cookie stricter.
    reply.header('set-cookie', token.cookie(request.headers['x-forwarded-proto'] === 'https'));
    return undefined;
  });
};
