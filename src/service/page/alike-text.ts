import type { ServiceFoundImages } from '../protocol/answers.ts';

/** One image that a search found. */
export type Found = ServiceFoundImages['images'][number];

/** How alike an image is, for people: its calibrated share, else its distance. */
export function alikeText({ alike, distance }: Pick<Found, 'alike' | 'distance'>): string {
  return alike === null ? distance.toFixed(3) : `${percent(alike.natural)} alike`;
}

/** The same, long enough to be read aloud. */
export function alikeSentence({ alike, distance }: Pick<Found, 'alike' | 'distance'>): string {
  if (alike === null) return `distance ${distance.toFixed(3)}`;
  const verdicts = { alike: 'alike', unsure: 'perhaps alike', unlike: 'unlike' } as const;
  return `${verdicts[alike.verdict]}: of pairs at this distance ${percent(alike.natural)} were alike`;
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
