import { mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/** For who watches the service. */
export const watchRoutes: RouteGroup = (app, context) => {
  mount(app, context, 'health', async () => ({ status: 'ok' as const }));
  mount(app, context, 'ready', async ({ reply }) => {
    if (!context.isStopping()) return { status: 'ready' as const };
    reply.code(503);
    return { status: 'stopping' as const };
  });
  mount(app, context, 'metrics', async ({ reply }) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return context.metrics.text();
  });
};
