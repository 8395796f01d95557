import { readFile } from 'node:fs/promises';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { labelPageFolder } from '../../../foundation/label-page.ts';
import type { RouteGroup } from './route-group.ts';

/** The files of the page, by their addresses. */
const files = {
  '/label': { name: 'label.html', type: 'text/html; charset=utf-8' },
  '/label/label.css': { name: 'label.css', type: 'text/css; charset=utf-8' },
  '/label/label.js': { name: 'label.js', type: 'text/javascript; charset=utf-8' },
} as const;

/** The page of `label`: three files of the package, as they are. */
export const labelPageRoutes: RouteGroup = (app, context) => {
  for (const [url, { name, type }] of Object.entries(files)) {
    app.get(url, { config: { endpoint: 'labelPage', open: true } }, async (_, reply) => {
      if (context.labelling === undefined) throw new RequestError('not-found', 'nothing is labelled here');
      return reply.type(type).send(await readFile(new URL(name, labelPageFolder)));
    });
  }
};
