import { type Html, html } from '../html/html.ts';
import { pageImage } from '../html/page-image.ts';
import type { ReportPicture } from '../html/picture-png.ts';

/** A picture on a page of results, with what is said of it. */
export interface PictureTile {
  readonly name: string;
  /** Undefined where it cannot be shown: removed since, or no file. */
  readonly picture: ReportPicture | undefined;
  /** Where its file is, as a link from the page; see `fileLink`. */
  readonly link: string | undefined;
  /** What stands above the name: `1 · 0.4312`. */
  readonly caption: string;
  /** A line of explanation below the name. */
  readonly note?: string | undefined;
}

/** Pictures in their own shapes, side by side, each with caption and whole name, and linked to its file. */
export function pictureTiles(tiles: readonly PictureTile[]): Html {
  return html`<ol class="tiles">${tiles.map((tile) => html`\n<li>${pictureTile(tile)}</li>`)}
</ol>`;
}

/** One such picture as a figure. @throws if it does not come with the page, as a data URI. */
export function pictureTile({ name, picture, link, caption, note }: PictureTile): Html {
  const shown = picture === undefined ? html`<span class="gone">not to be shown here</span>` : pageImage(picture, name);
  return html`<figure class="tile">${linked(html`<span class="pane">${shown}</span>`, link)}
<figcaption><strong>${caption}</strong> <bdi>${name}</bdi>${
    note === undefined ? undefined : html` <span class="note">${note}</span>`
  }</figcaption></figure>`;
}

function linked(content: Html, link: string | undefined): Html {
  return link === undefined ? content : html`<a href="${link}">${content}</a>`;
}
