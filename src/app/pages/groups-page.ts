import { html } from '../html/html.ts';
import { page } from '../html/page.ts';
import { type PictureTile, pictureTiles } from './picture-tiles.ts';

/** What a page of groups of pictures is made of. */
export interface GroupsPage {
  readonly title: string;
  /** What sort of page it is, in a word. */
  readonly kind: string;
  /** What was grouped, and how, in a sentence. */
  readonly lead: string;
  readonly groups: readonly {
    readonly title: string;
    readonly pictures: readonly PictureTile[];
  }[];
}

/** A page of groups of pictures. One HTML file that needs no network and no script. */
export function groupsPage({ title, kind, lead, groups }: GroupsPage): string {
  return page({
    title,
    kind,
    lead,
    top: html``,
    sections: groups.map((group, place) => ({
      id: `group-${place + 1}`,
      title: group.title,
      content: pictureTiles(group.pictures),
    })),
  });
}
