import { readFileSync } from 'node:fs';
import path from 'node:path';
import { builtPage } from '../../../foundation/built-page.ts';
import type { RouteGroup } from './route-group.ts';

/** What a browser is given, by where it asks for it. */
const files = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/map-canvas.js': { name: 'map-canvas.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
  '/docs': { name: 'docs.html', type: 'text/html; charset=utf-8' },
  '/docs/docs.js': { name: 'docs.js', type: 'text/javascript; charset=utf-8' },
  '/docs/swagger-ui.js': { name: 'swagger-ui.js', type: 'text/javascript; charset=utf-8' },
  '/docs/swagger-ui.css': { name: 'swagger-ui.css', type: 'text/css; charset=utf-8' },
  '/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
} as const;

/** The page, and the one that shows the description of the endpoints: their files are read once, so that no request reaches the file system. */
export const pageRoutes: RouteGroup = (app) => {
  for (const [url, { name, type }] of Object.entries(files)) {
    const content = readFileSync(path.join(builtPage, name));
    app.get(url, { config: { endpoint: 'page', open: true } }, async (_, reply) => {
      return reply.type(type).header('cache-control', 'no-cache').send(content);
    });
  }
};
