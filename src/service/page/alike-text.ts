import type { ServiceFoundImages } from '../protocol/answers.ts';

/** One image that a search found. */
export type Found = ServiceFoundImages['images'][number];

/** How alike an image is, for people: its calibrated share, else its distance. */
export function alikeText({ alike, distance }: Pick<Found, 'alike' | 'distance'>): string {
  return alike === null ? distance.toFixed(3) : `${percent(alike.natural)} alike`;
}

const verdicts = { alike: 'probably alike', unsure: 'perhaps alike', unlike: 'probably not alike' } as const;

/** The same, long enough to be read aloud. */
export function alikeSentence({ alike, distance }: Pick<Found, 'alike' | 'distance'>): string {
  if (alike === null) return `distance ${distance.toFixed(3)}`;
  return `${verdicts[alike.verdict]}: ${percent(alike.natural)} of all pairs at this distance were alike`;
}

/** How alike two pictures are that somebody has put beside each other: by the share that the verdict goes by, and the other. */
export function comparedSentence({ verdict, balanced, natural }: NonNullable<Found['alike']>): string {
  return (
    `${verdicts[verdict]}: ${percent(balanced)} of pairs at this distance were alike, had half of all pairs been; ` +
    `${percent(natural)} of all pairs as they came`
  );
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
