import { percent } from '../../foundation/text/percent.ts';
import { capitalized } from '../../foundation/text/words.ts';
import { type LossConfig, lossTable } from '../../ranking/losses/loss-table.ts';
import type { TrainingLog } from '../../training/loop/training-log.ts';
import { type Html, html } from '../html/html.ts';
import { measureName } from '../html/measure-name.ts';
import { type LineChart, lineChart } from './line-chart.ts';
import { shortNumber } from './tick-labels.ts';

interface Figure extends Omit<LineChart, 'description'> {
  readonly title: string;
  readonly note: string;
}

/**
 * How the training went, over its steps: loss, score of the pictures kept from training, share of active triplets, spread of
 * the embeddings, learning rate, images a second. A chart without anything to show is left out.
 */
export function trainingCharts({ steps, evaluations }: TrainingLog, loss: LossConfig): Html {
  const figures: Figure[] = [];
  const over = (value: 'loss' | 'activeShare' | 'spread' | 'learningRate' | 'imagesPerSecond') =>
    steps.map((line) => ({ step: line.step, value: line[value] }));
  const last = steps.at(-1);
  if (last !== undefined) {
    figures.push({
      title: 'Loss',
      note: `${shortNumber(last.loss)} at step ${shortNumber(last.step)}; points are means of the steps between them`,
      points: over('loss'),
      valueName: `loss, ${loss.kind}`,
    });
  }
  figures.push(...scoreFigure(evaluations));
  if (last !== undefined) {
    const [title, note] = lossTable.of(loss).words.active;
    figures.push({
      title,
      note: `${percent(last.activeShare)} in the end; ${note}`,
      points: over('activeShare'),
      valueName: 'share that is active',
      format: 'percent',
      include: [0, 1],
    });
    figures.push({
      title: 'Spread of the embeddings',
      note: `variance of a batch’s embeddings, ${shortNumber(last.spread)} in the end; at 0 every picture has the same one`,
      points: over('spread'),
      valueName: 'spread, 0 to 1',
      include: [0, 1],
    });
    const most = Math.max(...steps.map(({ learningRate }) => learningRate));
    figures.push({
      title: 'Learning rate',
      note: `${shortNumber(most)} at most, ${shortNumber(last.learningRate)} in the end`,
      points: over('learningRate'),
      valueName: 'learning rate',
      include: [0],
    });
    figures.push({
      title: 'Throughput',
      note: `${shortNumber(last.images / last.seconds)} images a second over the whole run, loading and augmentation included${loaderNote(last)}`,
      points: over('imagesPerSecond'),
      valueName: 'images a second',
      include: [0],
    });
  }
  if (figures.length === 0) return html`<p class="empty">The log of this run has no lines yet.</p>`;
  return html`<div class="charts">${figures.map(
    ({ title, note, ...chart }) => html`
<figure><figcaption><h3>${title}</h3><p>${note}.</p></figcaption>
${lineChart({ ...chart, description: `${title} over the steps: ${note}` })}</figure>`,
  )}
</div>`;
}

/** What the loader could give, where the log has it. */
function loaderNote({ loaderImagesPerSecond: rate }: TrainingLog['steps'][number]): string {
  return rate === undefined ? '' : `; the loader by itself gave ${shortNumber(rate)} in the end`;
}

function scoreFigure(evaluations: TrainingLog['evaluations']): Figure[] {
  const last = evaluations.at(-1);
  if (last === undefined) return [];
  const name = measureName(last.measure);
  const best = evaluations.reduce((best, one) => (one.score.value > best.score.value ? one : best));
  const bestNote = best === last ? 'its best' : `best ${percent(best.score.value)} at step ${shortNumber(best.step)}`;
  return [
    {
      title: `${capitalized(name)} of held-out pictures`,
      note: `${percent(last.score.value)} at step ${shortNumber(last.step)}, ${bestNote}; the band is the 95% interval`,
      points: evaluations.map(({ step, score }) => ({ step, value: score.value, interval: score })),
      valueName: name,
      format: 'percent',
      dots: true,
    },
  ];
}
