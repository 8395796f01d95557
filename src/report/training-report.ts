import type { JsonValue } from '../files/json-value.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import { configurationList } from './configuration-list.ts';
import { headline } from './headline.ts';
import { html } from './html.ts';
import { type MeasureRow, measuresComparison } from './measures-comparison.ts';
import { type NeighbourRow, neighbourRows, tick } from './neighbour-rows.ts';
import { noticeText } from './notice-text.ts';
import { type PageSection, page } from './page.ts';
import { runFacts, runSentence } from './run-facts.ts';
import { trainingCharts } from './training-charts.ts';
import { readTrainingLog } from './training-log.ts';

/** What a page about a training run is made of. */
export interface TrainingReport {
  readonly title: string;
  readonly config: TrainingConfig;
  /** The lines of the run's `log.jsonl`. */
  readonly log: readonly JsonValue[];
  /** What was measured: baselines first, the trained network last. Empty if nothing was. */
  readonly measures: readonly MeasureRow[];
  /** Queries with what was found for them. */
  readonly neighbours?: readonly NeighbourRow[];
  /** Of the pictures that were trained on. */
  readonly dataHash?: string;
  /** Whom the pictures have to be credited to, as plain text; web addresses in it become links. */
  readonly notice?: string;
}

/**
 * A page about a training run: headline figures, measures beside those of the baselines, queries with their nearest
 * neighbours, charts of the training, how to do it again, credits. One HTML file that needs no network and no script.
 * What there is no data for is left out.
 *
 * @throws if a line of the log lacks what every line has, or a picture is not a data URI.
 */
export function trainingReport(report: TrainingReport): string {
  const { title, config, measures, neighbours = [], notice = '' } = report;
  const log = readTrainingLog(report.log);
  const sections: PageSection[] = [];
  if (measures.length > 0) {
    sections.push({ id: 'measures', title: 'How well it finds', content: measuresComparison(measures) });
  }
  if (neighbours.length > 0) {
    sections.push({
      id: 'neighbours',
      title: 'Nearest neighbours',
      lead: html`Each row is a query and the pictures nearest to it, with their distance. <span class="legend">${tick}</span> and a thick border mark those of the query’s own class.`,
      content: neighbourRows(neighbours),
    });
  }
  sections.push(
    { id: 'training', title: 'How the training went', content: trainingCharts(log, config.loss) },
    {
      id: 'run',
      title: 'To repeat it',
      content: html`${runFacts(config, log, report.dataHash)}
<details><summary>Whole configuration</summary>
${configurationList(config)}
</details>`,
    },
  );
  if (notice.trim() !== '') {
    sections.push({ id: 'credits', title: 'Credits', content: html`<div class="notice">${noticeText(notice)}</div>` });
  }
  return page({
    title,
    kind: 'Training report',
    lead: runSentence(config, log),
    top: headline(measures, log),
    sections,
  });
}
