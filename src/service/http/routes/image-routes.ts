import { kindOf, type Metadata, type MetadataField, metadataJson } from '../../../catalogue/metadata/metadata.ts';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import type { ServiceMetadata } from '../../protocol/requests.ts';
import { mount } from '../mount.ts';
import type { ServiceContext } from '../service-context.ts';
import { givenPicture, shownPicture } from '../stored-picture.ts';
import type { RouteGroup } from './route-group.ts';

/** Single images of the store: what is known of them, their pictures; added and removed. */
export const imageRoutes: RouteGroup = (app, context) => {
  const { catalogue } = context;
  mount(app, context, 'image', async ({ query: { id } }) => {
    const image = await catalogue.find(id);
    if (image === undefined) throw new RequestError('not-found', `the store has no image '${id.slice(0, 200)}'`);
    const { contentHash, byteLength, metadata = {} } = image;
    return { id, contentHash, bytes: byteLength, metadata: metadataJson(metadata) as Record<string, string> };
  });
  mount(app, context, 'thumbnail', async ({ query: { id, side }, reply }) => {
    const made = await context.preparation.thumbnail(await shownPicture(catalogue, id), side, side);
    reply.header('cache-control', 'private, max-age=60');
    return made;
  });
  mount(app, context, 'putImage', async ({ query: { id }, document, files, fetching }) => {
    requireChangeable(context);
    const picture = await givenPicture(files.image, document.image, fetching);
    const fields = (await catalogue.exists()) ? await catalogue.fields() : [];
    await catalogue.put(id, picture, metadataOf(document.metadata ?? {}, fields));
    return undefined;
  });
  mount(app, context, 'removeImage', async ({ query: { id } }) => {
    requireChangeable(context);
    return { removed: await catalogue.remove([id]) };
  });
};

/** @throws RequestError `forbidden` where the store is only looked at. */
function requireChangeable({ changeable }: ServiceContext): void {
  if (changeable) return;
  throw new RequestError('forbidden', 'this service does not change its store: start it so that it may');
}

/** The metadata that a document is: JSON has no dates, which are texts there. @throws RequestError `usage` of a value of another kind. */
function metadataOf(given: NonNullable<ServiceMetadata>, fields: readonly MetadataField[]): Metadata {
  const kinds = new Map(fields.map(({ name, kind }) => [name, kind]));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const kind = kinds.get(name);
      const date = kind === 'date' && typeof value === 'string' ? new Date(value) : undefined;
      const kept = date === undefined || Number.isNaN(date.getTime()) ? value : date;
      if (kind === undefined || kindOf(kept) === kind) return [name, kept];
      throw new RequestError('usage', `the field '${name}' holds values of the kind ${kind}: give one`, {
        path: `request.metadata.${name}`,
      });
    }),
  );
}
