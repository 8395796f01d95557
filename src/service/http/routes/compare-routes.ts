import { compareImages } from '../../../catalogue/embedding/compare-images.ts';
import { mount } from '../mount.ts';
import { comparedPicture, givenPicture } from '../stored-picture.ts';
import type { RouteGroup } from './route-group.ts';

/** Pictures by themselves: embedded, compared. */
export const compareRoutes: RouteGroup = (app, context) => {
  const { embedder } = context.catalogue;
  mount(app, context, 'embed', async ({ document, files, fetching }) => {
    const embedding = await embedder.embedImage(await givenPicture(files.image, document.image, fetching));
    return { embedding: [...embedding], model: embedder.model.id };
  });
  mount(app, context, 'compare', async ({ document, files, fetching }) => {
    const [first, second] = await Promise.all([
      comparedPicture(context.catalogue, 'first', files.first, document.first, fetching),
      comparedPicture(context.catalogue, 'second', files.second, document.second, fetching),
    ]);
    const { distance, by, similarity, alike } = await compareImages(embedder, first, second);
    return { distance, by, similarity, alike: alike ?? null };
  });
};
