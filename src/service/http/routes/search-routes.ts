import { metadataJson } from '../../../catalogue/metadata/metadata.ts';
import type { Catalogue } from '../../../catalogue/mirror/catalogue.ts';
import { calibratedShare } from '../../../evaluation/calibration/calibrated-share.ts';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import type { ServiceReference } from '../../protocol/requests.ts';
import { mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/** What is like a picture. */
export const searchRoutes: RouteGroup = (app, context) => {
  const { catalogue } = context;
  const { calibration } = catalogue.embedder.model.metadata;
  mount(app, context, 'search', async ({ document, files, fetching }) => {
    const { queries, like, unlike, within, where, ...options } = document;
    const filter = { ...(within === undefined ? {} : { prefix: within }), where };
    const looked = await fetching.fetched(queries, 'request.queries');
    const [more, less] = [
      await fetching.fetched(like, 'request.like'),
      await fetching.fetched(unlike, 'request.unlike'),
    ];
    const found = await catalogue
      .search([...files.image, ...looked], {
        ...options,
        filter,
        like: [...files.like, ...more],
        unlike: [...files.unlike, ...less],
      })
      .catch((error: unknown) => refuseMissing(catalogue, [...queries, ...like, ...unlike], error));
    const by = await catalogue.distance();
    const images = found.map(({ id, distance, metadata = {} }) => ({
      id,
      distance,
      alike: calibratedShare(calibration, by, distance) ?? null,
      metadata: metadataJson(metadata) as Record<string, string | number | boolean | string[]>,
    }));
    return { images, by };
  });
};

/** @throws RequestError `not-found` if it was an image that the store does not have, else the error itself. */
async function refuseMissing(
  catalogue: Catalogue,
  references: readonly ServiceReference[],
  error: unknown,
): Promise<never> {
  if (error instanceof StoreError && (await catalogue.exists())) {
    for (const reference of references) {
      if (!('id' in reference) || (await catalogue.find(reference.id)) !== undefined) continue;
      throw new RequestError('not-found', `the store has no image '${reference.id.slice(0, 200)}'`);
    }
  }
  throw error;
}
