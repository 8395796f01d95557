import { html } from '../html/html.ts';
import { page } from '../html/page.ts';
import { type PictureTile, pictureTile, pictureTiles } from './picture-tiles.ts';

/** What a page about searches is made of. */
export interface SearchPage {
  /** What was searched in, and by which model, in a sentence. */
  readonly lead: string;
  readonly searches: readonly {
    readonly query: PictureTile;
    /** Nearest first. */
    readonly results: readonly PictureTile[];
  }[];
}

/** A page of queries, each with what was found for it. One HTML file that needs no network and no script. */
export function searchPage({ lead, searches }: SearchPage): string {
  const [only] = searches;
  return page({
    title: searches.length === 1 ? `What looks like ${only.query.name}` : `${searches.length} searches`,
    kind: 'Search',
    lead,
    top: html``,
    sections: searches.map(({ query, results }, place) => ({
      id: `query-${place + 1}`,
      title: searches.length === 1 ? 'Found' : query.name,
      content: html`<div class="asked">${pictureTile(query)}</div>
${results.length === 0 ? html`<p class="empty">Nothing was found.</p>` : pictureTiles(results)}`,
    })),
  });
}
