import type { IntervalsOver, MeasuredValue } from '../../../evaluation/reports/evaluation-report.ts';
import { percent } from '../../../foundation/text/percent.ts';
import { capitalized } from '../../../foundation/text/words.ts';
import { type Html, html } from '../../html/html.ts';
import { measureName } from '../../html/measure-name.ts';

/** What was measured of one way to embed pictures. */
export interface MeasureRow {
  /** `HOG`, `trained`. */
  readonly name: string;
  /** By the keys of evaluation reports; the measures of a report can be given as they are. */
  readonly values: Readonly<Partial<Record<string, MeasuredValue>>>;
  /** What there is to know about it, in a sentence. */
  readonly note?: string;
}

/** What intervals say, in a table's words. */
const intervalWords: Readonly<Record<IntervalsOver, string>> = {
  queries: '95% intervals over the queries',
  classes: '95% intervals over whole classes',
  'other-classes': 'what as many other classes show, in 95 of 100 cases',
};

/** The measures that pages show, in their order. */
export const shownMeasures = ['recallAt1', 'recallAt5', 'mapAtR', 'similarityPrecision'] as const;

/**
 * A table with a row for each shown measure that anything was measured by, and a column for each of `rows`: percent, a bar
 * of that length, and the ends of the 95% interval: for which whole classes or queries (the default) were drawn, or in which as many other classes lie. The last of `rows` is what the page is about, and stands out.
 */
export function measuresComparison(rows: readonly MeasureRow[], over: IntervalsOver = 'queries'): Html {
  const measures = shownMeasures.filter((measure) => rows.some(({ values }) => values[measure] !== undefined));
  const kind = (index: number) => (index === rows.length - 1 ? 'judged' : 'baseline');
  return html`<div class="wide" role="region" aria-label="Measures" tabindex="0"><table class="measures">
<caption>Percent of the best possible, with ${intervalWords[over]}.</caption>
<thead><tr><td></td>${rows.map(({ name }, index) => html`<th scope="col" class="${kind(index)}">${name}</th>`)}</tr></thead>
<tbody>${measures.map(
    (measure) => html`
<tr><th scope="row">${capitalized(measureName(measure))}</th>${rows.map(
      ({ values }, index) => html`<td class="${kind(index)}">${cell(values[measure])}</td>`,
    )}</tr>`,
  )}
</tbody></table></div>${notes(rows)}`;
}

function cell(measured: MeasuredValue | undefined): Html {
  if (measured === undefined) return html`<span class="interval">not measured</span>`;
  const { value, low, high } = measured;
  const interval = `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`;
  return html`<span class="value">${percent(value)}</span><span class="bar" aria-hidden="true"><span style="width:${percent(
    value,
  )}"></span></span><span class="interval">${interval}</span>`;
}

function notes(rows: readonly MeasureRow[]): Html | undefined {
  const noted = rows.filter(({ note }) => note !== undefined);
  if (noted.length === 0) return undefined;
  return html`
<ul class="notes">${noted.map(({ name, note }) => html`<li><strong>${name}</strong>: ${note}</li>`)}</ul>`;
}
