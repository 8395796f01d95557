import { RequestError } from '../../../foundation/errors/request-error.ts';
import type { RunFolders } from '../../runs/run-folders.ts';
import { courseOf } from '../../runs/run-lines.ts';
import { mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/**
 * A report brings its style along and has no script. It is shown as if it came from nowhere: even if somebody else has written it,
 * it can do nothing here.
 */
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; sandbox";

/** Training runs: which there are, how they go, their reports. */
export const runRoutes: RouteGroup = (app, context) => {
  const runs = (): RunFolders => {
    if (context.runs !== undefined) return context.runs;
    throw new RequestError('not-found', 'this service was given no folder of training runs');
  };
  mount(app, context, 'runs', async () => ({ runs: await runs().list() }));
  mount(app, context, 'runLog', async ({ query: { name, after } }) => {
    const piece = (await runs().log(name, after)) ?? noRun(name);
    return { ...courseOf(piece.lines), next: piece.next, isWhole: piece.isWhole };
  });
  mount(app, context, 'runReport', async ({ query: { name }, reply }) => {
    const report = (await runs().report(name)) ?? noRun(name);
    reply.headers({ 'content-security-policy': reportPolicy, 'content-type': 'text/html; charset=utf-8' });
    return report;
  });
};

function noRun(name: string): never {
  throw new RequestError('not-found', `there is no such thing of a run '${name.slice(0, 200)}'`, { path: 'name' });
}
