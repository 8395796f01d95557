import type { Buffer } from 'node:buffer';
import type { Catalogue } from '../../catalogue/mirror/catalogue.ts';
import { RequestError } from '../../foundation/errors/request-error.ts';
import { exists } from '../../foundation/files/exists.ts';
import type { PictureFetching } from './remote/picture-fetching.ts';

/**
 * Where the picture of an image of the store is. The path is the store's own, of an image that is in it: nothing of a request
 * becomes one.
 *
 * @throws RequestError `not-found` if the store has no such image, or none of a file.
 */
export async function storedPicture(catalogue: Catalogue, id: string): Promise<string> {
  const path = (await catalogue.find(id))?.path;
  if (path !== undefined) return path;
  throw new RequestError('not-found', `the store has no picture '${id.slice(0, 200)}'`, { path: 'id' });
}

/**
 * What an image of the store is shown by: its file, or where that is not there the small picture that the store keeps.
 *
 * @throws RequestError `not-found` if the store has no such image, or neither of the two.
 */
export async function shownPicture(catalogue: Catalogue, id: string): Promise<string | Uint8Array> {
  const path = (await catalogue.find(id))?.path;
  if (path !== undefined && (await exists(path))) return path;
  return (await catalogue.thumbnail(id)) ?? storedPicture(catalogue, id);
}

/** A picture to compare: the uploaded one, else one of the store or at an address. @throws RequestError if there is none, or two. */
export async function comparedPicture(
  catalogue: Catalogue,
  role: string,
  [uploaded]: readonly Buffer[],
  reference: { readonly id: string } | { readonly url: string } | undefined,
  fetching: PictureFetching,
): Promise<Buffer | { readonly kind: 'file'; readonly path: string }> {
  if ((uploaded === undefined) === (reference === undefined)) {
    throw new RequestError('usage', `give one picture as '${role}': uploaded, or as request.${role}.id or .url`, {
      path: role,
    });
  }
  if (reference === undefined) return uploaded;
  if ('url' in reference) return fetching.fetch(reference.url, `request.${role}.url`);
  return { kind: 'file', path: await storedPicture(catalogue, reference.id) };
}

/** The picture of a request that has one: uploaded, or at an address. @throws RequestError if there is none, or two. */
export async function givenPicture(
  [uploaded]: readonly Buffer[],
  reference: { readonly url: string } | undefined,
  fetching: PictureFetching,
): Promise<Buffer> {
  if ((uploaded === undefined) === (reference === undefined)) {
    throw new RequestError('usage', "give one picture as 'image': uploaded, or as request.image.url", {
      path: 'image',
    });
  }
  return reference === undefined ? uploaded : fetching.fetch(reference.url, 'request.image.url');
}
