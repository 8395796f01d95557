import type { Buffer } from 'node:buffer';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { formatOf, mediaTypes } from '../../../pictures/decoding/formats/picture-format.ts';
import { mount } from '../mount.ts';
import type { RouteGroup } from './route-group.ts';

/** Pictures at addresses. */
export const fetchRoutes: RouteGroup = (app, context) => {
  mount(app, context, 'fetchPicture', async ({ document, fetching, reply }) => {
    const picture = await fetching.fetch(document.url, 'request.url');
    // By its bytes: what its server says of it is not handed on.
    reply.type(contentTypeOf(picture)).header('cache-control', 'no-store');
    return picture;
  });
};

function contentTypeOf(picture: Buffer): string {
  const format = formatOf(picture);
  if (format?.readable === true) return mediaTypes[format.name];
  const message = `what is there is ${format === undefined ? 'no picture' : format.name}: give the address of a picture`;
  throw new RequestError('unreadable-image', message, { path: 'request.url' });
}
