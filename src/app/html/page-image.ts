import { InternalError } from '../../foundation/errors/internal-error.ts';
import { type Html, html } from './html.ts';
import type { ReportPicture } from './picture-png.ts';

/**
 * A picture on a page, with what to say of it to those who cannot see it.
 *
 * @throws if the picture does not come with the page, as a data URI.
 */
export function pageImage(picture: ReportPicture, alternative: string): Html {
  const { width, height, name } = picture;
  return html`<img src="${checkedUri(picture)}" width="${width}" height="${height}" alt="${alternative}" title="${name}" decoding="async">`;
}

/** The picture's URI. @throws if it is not a data URI with base64. */
export function checkedUri({ uri, name }: ReportPicture): string {
  if (/^data:image\/[a-z+]+;base64,[A-Za-z0-9+/=]+$/.test(uri)) return uri;
  throw new InternalError(
    `picture '${name}' must be a data URI with base64, so that the page needs nothing else, got '${uri.slice(0, 40)}': make it with picturePng`,
  );
}
