import { cutToColumns } from '../../../foundation/text/cut-text.ts';
import { type Html, html } from '../../html/html.ts';
import { pageImage } from '../../html/page-image.ts';
import type { ReportPicture } from '../../html/picture-png.ts';

/** A picture that was found. */
export interface FoundPicture {
  readonly picture: ReportPicture;
  /** From the query's embedding; smaller is nearer. */
  readonly distance: number;
  /** True if it is what the query looks for: of its class. */
  readonly relevant: boolean;
}

/** A query and its nearest neighbours, nearest first. */
export interface NeighbourRow {
  readonly query: ReportPicture;
  readonly results: readonly FoundPicture[];
}

/** Columns of a name under a picture: folders stand at its beginning, what tells two pictures of one folder apart at its end. */
const nameColumns = 40;

/** Pictures beside each other in a row; more go to the next line. */
const mostColumns = 10;

/**
 * Rows of pictures: the query on the left, what was found beside it. Relevant pictures have a thick border, a tick, and
 * say so in words.
 *
 * @throws if a picture does not come with the page, as a data URI.
 */
export function neighbourRows(rows: readonly NeighbourRow[]): Html {
  return html`<ol class="queries">${rows.map(({ query, results }) => {
    const columns = Math.max(1, Math.min(mostColumns, results.length));
    return html`
<li class="query-row"><figure class="query">${pageImage(query, `Query: ${query.name}`)}
<figcaption><strong>Query</strong> <bdi>${cutToColumns(query.name, nameColumns)}</bdi></figcaption></figure>
<ol class="found" style="--columns:${columns}">${results.map(foundPicture)}
</ol></li>`;
  })}
</ol>`;
}

function foundPicture({ picture, distance, relevant }: FoundPicture): Html {
  const alternative = relevant ? `${picture.name}, relevant` : picture.name;
  return html`
<li class="${relevant ? 'relevant' : 'other'}"><span class="frame">${pageImage(picture, alternative)}${
    relevant ? tick : undefined
  }</span>
<span class="distance">${distance.toFixed(2)}</span> <bdi class="name">${cutToColumns(picture.name, nameColumns)}</bdi></li>`;
}

/** A tick on a disc: the mark of a relevant picture. */
export const tick = html`<svg class="tick" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9"/><path d="M5.8 10.4 8.8 13.3 14.4 7.2"/></svg>`;
