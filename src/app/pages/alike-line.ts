import type { AlikeShare } from '../../evaluation/calibration/share-alike.ts';
import { percent } from '../../foundation/text/percent.ts';

const verdicts = { alike: 'probably alike', unsure: 'unsure', unlike: 'probably not alike' } as const;

/** What a calibration says of one pair, in a line: the answer, and both shares with what they are shares of. */
export function alikeLine({ balanced, natural, pairs, verdict }: AlikeShare): string {
  return (
    `${verdicts[verdict]}: ${percent(balanced)} of pairs at this distance were of one class, had half of all pairs been; ` +
    `${percent(natural)} of all pairs as they came (${pairs} pairs near here)`
  );
}
