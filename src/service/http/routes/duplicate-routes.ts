import { Buffer } from 'node:buffer';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import type { ServiceDuplicates } from '../../protocol/groups.ts';
import type { FoundDuplicates } from '../../work/work-protocol.ts';
import { mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/** Groups of near duplicates. */
export const duplicateRoutes: RouteGroup = (app, context) => {
  const { duplicates } = context;
  const answer = (offset: number, limit: number): ServiceDuplicates => {
    const { found, state } = duplicates;
    return {
      ...state,
      found: found === undefined ? null : summaryOf(found),
      groups: found === undefined ? [] : groupsOf(found, offset, limit),
    };
  };
  mount(app, context, 'duplicates', async ({ query: { offset, limit } }) => answer(offset, limit));
  mount(app, context, 'findDuplicates', async ({ document: { maxDistance }, request }) => {
    if (!(await context.catalogue.exists())) throw new RequestError('store', 'nothing is indexed yet');
    duplicates.begin(maxDistance, (error) => request.log.warn({ err: error }, 'duplicates were not looked for'));
    return answer(0, 1);
  });
};

function summaryOf({ maxDistance, by, unseen, images, extra, ends }: FoundDuplicates) {
  return { maxDistance, by, unseen, images, extra, groups: ends.length };
}

function groupsOf({ json, ends }: FoundDuplicates, offset: number, limit: number): ServiceDuplicates['groups'] {
  const from = Math.min(offset, ends.length);
  return Array.from({ length: Math.min(limit, ends.length - from) }, (_, at) => {
    const place = from + at;
    const begin = place === 0 ? 0 : ends[place - 1];
    return JSON.parse(Buffer.from(json.buffer, begin, ends[place] - begin).toString('utf8'));
  });
}
