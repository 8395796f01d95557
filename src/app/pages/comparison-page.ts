import { html } from '../html/html.ts';
import { page } from '../html/page.ts';
import { type PictureTile, pictureTiles } from './picture-tiles.ts';

/** What a page about two pictures is made of. */
export interface ComparisonPage {
  /** Which model they were compared by, in a sentence. */
  readonly lead: string;
  readonly pictures: readonly [PictureTile, PictureTile];
  readonly figures: readonly { readonly name: string; readonly value: string; readonly detail: string }[];
}

/** A page of two pictures and how much alike they are. One HTML file that needs no network and no script. */
export function comparisonPage({ lead, pictures, figures }: ComparisonPage): string {
  return page({
    title: 'How alike two pictures are',
    kind: 'Comparison',
    lead,
    top: html`<dl class="headline">${figures.map(
      ({ name, value, detail }) => html`
<div><dt>${name}</dt><dd class="figure">${value}</dd><dd class="detail">${detail}</dd></div>`,
    )}
</dl>`,
    sections: [
      { id: 'pictures', title: 'The pictures', content: html`<div class="pair">${pictureTiles(pictures)}</div>` },
    ],
  });
}
