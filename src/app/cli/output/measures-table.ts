import type { PairedMeasure } from '../../../evaluation/intervals/paired-differences.ts';
import type { MeasuredValue } from '../../../evaluation/reports/evaluation-report.ts';
import { percent } from '../../../foundation/text/percent.ts';
import { textTable } from '../../../foundation/text/text-table.ts';
import { measureName } from '../../html/measure-name.ts';

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
  const heading = ['', judged.name, '95% interval', ...columnNames(compared)];
  const rows = inOrder(judged.measures).map(([key, measured]) => [
    measureName(key),
    percent(measured.value),
    interval(measured),
    ...compared.map(({ measures }) => (measures[key] === undefined ? '' : percent(measures[key].value))),
  ]);
  return textTable([heading, ...rows]);
}

/**
 * Measures of two models as lines of at most 80 columns: a row a measure, the difference A - B in points with its interval,
 * which says more than an interval of each. Name the models beside their letters.
 */
export function pairedTable(measures: Readonly<Record<string, PairedMeasure>>): string[] {
  const heading = ['', 'A', 'B', 'A - B', '95% interval'];
  const rows = inOrder(measures).map(([key, pair]) => [
    measureName(key),
    percent(pair.first.value),
    percent(pair.second.value),
    points(pair.difference.value),
    `${points(pair.difference.low)} to ${points(pair.difference.high)}`,
  ]);
  return textTable([heading, ...rows]);
}

/** Measures of several things as lines: a row a measure, the values of each thing below its name; no lines of nothing. */
export function namedTable(things: readonly { readonly name: string; readonly measures: Measures }[]): string[] {
  if (things.length === 0) return [];
  const heading = ['', ...columnNames(things)];
  const rows = inOrder(things[0].measures).map(([key]) => [
    measureName(key),
    ...things.map(({ measures }) => (measures[key] === undefined ? '' : percent(measures[key].value))),
  ]);
  return textTable([heading, ...rows]);
}

const shortNames: ReadonlyMap<string, string> = new Map([
  ['raw pixels', 'pixels'],
  ['packaged model', 'packaged'],
  ['untouched backbone', 'untouched'],
]);

/** Names as headings have them: short ones where there are more than two, so that a line keeps within 80 columns. */
function columnNames(things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => (things.length > 2 ? (shortNames.get(name) ?? name) : name));
}

/** Measures by their keys, in the order in which tables have them. */
export function inOrder<T>(measures: Readonly<Record<string, T>>): [key: string, measure: T][] {
  return Object.entries(measures).sort(([a], [b]) => measureOrder(a) - measureOrder(b));
}

function interval({ low, high }: MeasuredValue): string {
  return `${percent(low)} to ${percent(high)}`;
}

/** A difference of shares in points of a hundred, with its sign. */
function points(share: number): string {
  const text = (100 * share).toFixed(1);
  return share > 0 && Number(text) !== 0 ? `+${text}` : text.replace(/^-0\.0$/, '0.0');
}

const behind = ['rPrecision', 'mapAtR', 'similarityPrecision', 'inClassPrecision', 'outOfClassPrecision'];

/** Where a measure stands in a table: recalls, precisions, then the others. */
function measureOrder(key: string): number {
  const [, kind, k] = /^(recall|precision)At(\d+)$/.exec(key) ?? [];
  if (kind !== undefined) return (kind === 'recall' ? 0 : 1e6) + Number(k);
  return 2e6 + behind.indexOf(key);
}
