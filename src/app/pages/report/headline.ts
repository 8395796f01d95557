import { formatDuration } from '../../../foundation/text/duration.ts';
import { percent } from '../../../foundation/text/percent.ts';
import { capitalized } from '../../../foundation/text/words.ts';
import type { TrainingLog } from '../../../training/loop/training-log.ts';
import { shortNumber } from '../../charts/tick-labels.ts';
import { type Html, html } from '../../html/html.ts';
import { measureName } from '../../html/measure-name.ts';
import type { MeasureRow } from './measures-comparison.ts';

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

/** What the headline shows of the measures. */
const headlineMeasures = ['recallAt1', 'mapAtR', 'similarityPrecision'];

/**
 * The figures that matter most, large: the measures of the last row with the best of the others beside each, or, where
 * nothing was measured, the last score of the log; then the time that the training took.
 */
export function headline(measures: readonly MeasureRow[], log: TrainingLog): Html {
  const figures = [...(measures.length > 0 ? measured(measures) : lastScore(log)), ...trainingTime(log)];
  return html`<dl class="headline">${figures.map(
    ({ name, value, detail }) => html`
<div><dt>${name}</dt><dd class="figure">${value}</dd><dd class="detail">${detail}</dd></div>`,
  )}
</dl>`;
}

function measured(rows: readonly MeasureRow[]): Figure[] {
  const judged = rows[rows.length - 1];
  return headlineMeasures.flatMap((measure) => {
    const own = judged.values[measure];
    if (own === undefined) return [];
    const [best] = rows
      .slice(0, -1)
      .flatMap(({ name, values }) => (values[measure] === undefined ? [] : [{ name, value: values[measure].value }]))
      .sort((a, b) => b.value - a.value);
    const detail = best === undefined ? 'no baseline' : `${best.name}: ${percent(best.value)}`;
    return [{ name: capitalized(measureName(measure)), value: percent(own.value), detail }];
  });
}

function lastScore({ evaluations }: TrainingLog): Figure[] {
  const last = evaluations.at(-1);
  if (last === undefined) return [];
  const { low, high, value } = last.score;
  return [
    {
      name: `${capitalized(measureName(last.measure))}, held out`,
      value: percent(value),
      detail: `95% interval ${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`,
    },
  ];
}

function trainingTime({ steps }: TrainingLog): Figure[] {
  const last = steps.at(-1);
  if (last === undefined) return [];
  const rate = `${shortNumber(last.images / last.seconds)} images a second`;
  return [{ name: 'Training', value: formatDuration(last.seconds), detail: rate }];
}
