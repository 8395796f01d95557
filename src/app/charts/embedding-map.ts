import { percent } from '../../foundation/text/percent.ts';
import { type Html, html } from '../html/html.ts';
import { checkedUri } from '../html/page-image.ts';
import type { ReportPicture } from '../html/picture-png.ts';

/** A picture's place on a map. */
export interface MapPlace {
  /** From 0, left, to 1, right. */
  readonly x: number;
  /** From 0, bottom, to 1, top. */
  readonly y: number;
  /** Undefined where the map is too crowded: it becomes a dot. */
  readonly picture: ReportPicture | undefined;
}

/** Embeddings on a plane. */
export interface EmbeddingMap {
  readonly places: readonly MapPlace[];
  /** Share of the embeddings' variance that each axis shows. */
  readonly shares: readonly [first: number, second: number];
}

/** The map's own units. */
export const mapSize = { width: 1000, height: 680, picture: 32 } as const;
const dot = 3;

/**
 * Pictures laid out by the two principal components of their embeddings: pictures that the network finds alike lie together,
 * but not all that lie together are alike, for a plane shows only a part of the variance, which the caption says. On a narrow
 * screen the map scrolls.
 */
export function embeddingMap({ places, shares }: EmbeddingMap): Html {
  const { width, height, picture: side } = mapSize;
  const shown = places.filter(({ picture }) => picture !== undefined).length;
  const sentence = `${places.length} pictures by the first two principal components of their embeddings, which show ${percent(shares[0])} and ${percent(shares[1])} of the variance.`;
  const x = (place: MapPlace) => round(side / 2 + place.x * (width - side));
  const y = (place: MapPlace) => round(height - side / 2 - place.y * (height - side));
  const dots = places.filter(({ picture }) => picture === undefined);
  return html`<figure class="map"><figcaption><p>${sentence} ${
    dots.length > 0 ? `${shown} are drawn, the other ${dots.length} are dots where there is no room.` : ''
  } What is near on the map need not be near in ${shares[0] + shares[1] < 0.5 ? 'truth: most of the variance is not shown' : 'truth'}.</p></figcaption>
<div class="wide" role="region" aria-label="Pictures by their embeddings" tabindex="0"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${sentence}">
<g class="map-dots">${dots.map((place) => html`<circle cx="${x(place)}" cy="${y(place)}" r="${dot}"/>`)}</g>
${places.map((place) =>
  place.picture === undefined
    ? undefined
    : html`<image href="${checkedUri(place.picture)}" x="${x(place) - side / 2}" y="${y(place) - side / 2}" width="${side}" height="${side}"><title>${place.picture.name}</title></image>\n`,
)}</svg></div></figure>`;
}

const round = (value: number) => Math.round(10 * value) / 10;
