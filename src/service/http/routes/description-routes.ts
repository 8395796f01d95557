import { openApi } from '../../protocol/open-api.ts';
import type { RouteGroup } from './route-group.ts';

/** The description of the service itself. */
export const descriptionRoutes: RouteGroup = (app, { version }) => {
  const description = JSON.stringify(openApi(version));
  app.get('/openapi.json', { config: { endpoint: 'openApi', open: true } }, async (_, reply) => {
    return reply.type('application/json; charset=utf-8').send(description);
  });
};
