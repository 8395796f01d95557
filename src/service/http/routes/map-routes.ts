import { RequestError } from '../../../foundation/errors/request-error.ts';
import { EncodedDocument, mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/** The map of the catalogue. */
export const mapRoutes: RouteGroup = (app, context) => {
  const { map, catalogue } = context;
  const answer = async () => {
    const { found, state } = map;
    const images = await catalogue.count();
    return { ...state, found: found === undefined ? null : { seed: found.seed, images: found.images }, images };
  };
  mount(app, context, 'map', answer);
  mount(app, context, 'makeMap', async ({ document: { seed }, request }) => {
    // Of a store that is not there this is refused.
    await catalogue.count();
    map.begin(seed, (error) => request.log.warn({ err: error }, 'no map was made'));
    return answer();
  });
  mount(app, context, 'mapPoints', async () => {
    if (map.found === undefined) throw new RequestError('not-found', 'there is no map yet: make one first');
    return new EncodedDocument(map.found.json);
  });
};
