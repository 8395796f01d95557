import type { IndexState, MeasuredEffort, MeasuredIndex } from '../../../../catalogue/stores/store-index.ts';
import { effortInWords } from '../../../../catalogue/tuning/measure-search.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { percent } from '../../../../foundation/text/percent.ts';

/** Rows of a table that say how a store searches. */
export function searchLines(storesOwn: string, index: IndexState | undefined): string[][] {
  if (index === undefined) {
    return [['search', storesOwn === 'exact' ? 'exact: compares with every vector' : storesOwn]];
  }
  const { measured, beside, changed, holds } = index;
  const { k, recall } = measured.asked;
  const lines = [
    `${indexInWords(measured)}, measured at ${measured.at} over ${counted(measured.rows, 'image')}`,
    ...measured.efforts.map((one) => `${effortInWords(one.effort)}: ${foundInWords(one)}`),
  ];
  if (beside > 0) lines.push(`${counted(beside, 'image')} not in it yet: compared one by one until the next index run`);
  if (changed > 0) lines.push(`${counted(changed, 'image')} went in or out since`);
  lines.push(
    holds
      ? `used where it found ${percent(recall)} (asked of the ${k} nearest), and nothing narrows the search; otherwise exact`
      : 'too many for what was measured to hold: searching is exact until lookalike tune is run again',
  );
  return lines.map((line, place) => [place === 0 ? 'search' : '', line]);
}

/** `ivf-flat (partitions 316)`. */
export function indexInWords({ kind, build }: Pick<MeasuredIndex, 'kind' | 'build'>): string {
  return `${kind} (${effortInWords(build)})`;
}

/** `99.1% of 1, 98.7% of 10, 2.1 ms`. */
function foundInWords({ recall, milliseconds }: MeasuredEffort): string {
  const found = recall.map((one) => `${(100 * one.recall).toFixed(1)}% of the ${one.k} nearest`);
  return `${found.join(', ')}, ${milliseconds.toFixed(1)} ms`;
}

/** The state of an index as JSON has it. */
export function indexJson({ measured, beside, changed, holds }: IndexState) {
  return { ...measuredJson(measured), beside, changed, holds };
}

/** What was measured of an index, as JSON has it. */
export function measuredJson({ efforts, ...measured }: MeasuredIndex) {
  return {
    ...measured,
    build: { ...measured.build },
    asked: { ...measured.asked },
    efforts: efforts.map(({ effort, recall, milliseconds }) => ({
      effort: { ...effort },
      recall: recall.map((one) => ({ ...one })),
      milliseconds,
    })),
  };
}
