import type { MeasuredValue } from '../evaluation/evaluation-report.ts';
import { measureName } from '../report/measure-name.ts';
import { percent } from '../report/percent.ts';
import { textTable } from '../report/text-table.ts';

/** The measures of one thing that was judged, by their keys in an evaluation report. */
export type Measures = Readonly<Record<string, MeasuredValue>>;

/**
 * Measures as lines: a row a measure, first those of `judged` with their intervals, then the values of what it is compared
 * with.
 */
export function measuresTable(
  judged: { readonly name: string; readonly measures: Measures },
  compared: readonly { readonly name: string; readonly measures: Measures }[],
): string[] {
  const heading = ['', judged.name, '95% interval', ...compared.map(({ name }) => name)];
  const rows = Object.entries(judged.measures)
    .sort(([a], [b]) => measureOrder(a) - measureOrder(b))
    .map(([key, { value, low, high }]) => [
      measureName(key),
      percent(value),
      `${percent(low)} to ${percent(high)}`,
      ...compared.map(({ measures }) => (measures[key] === undefined ? '' : percent(measures[key].value))),
    ]);
  return textTable([heading, ...rows]);
}

const behind = ['rPrecision', 'mapAtR', 'similarityPrecision'];

/** Where a measure stands in a table: recalls, precisions, then the others. */
function measureOrder(key: string): number {
  const [, kind, k] = /^(recall|precision)At(\d+)$/.exec(key) ?? [];
  if (kind !== undefined) return (kind === 'recall' ? 0 : 1e6) + Number(k);
  return 2e6 + behind.indexOf(key);
}
