import type { DistanceHistogram } from '../../../evaluation/neighbours/distance-histogram.ts';
import type { IntervalsOver } from '../../../evaluation/reports/evaluation-report.ts';
import type { JsonValue } from '../../../foundation/files/json-value.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import type { Finding } from '../../../training/doctor/finding.ts';
import { readTrainingLog } from '../../../training/loop/training-log.ts';
import { distanceChart } from '../../charts/distance-chart.ts';
import { type EmbeddingMap, embeddingMap } from '../../charts/embedding-map.ts';
import { trainingCharts } from '../../charts/training-charts.ts';
import { type Html, html } from '../../html/html.ts';
import { type PageSection, page } from '../../html/page.ts';
import type { ReportPicture } from '../../html/picture-png.ts';
import { configurationList } from './configuration-list.ts';
import { findingsList } from './findings-list.ts';
import { headline } from './headline.ts';
import { type MeasureRow, measuresComparison } from './measures-comparison.ts';
import { type NeighbourRow, neighbourRows, tick } from './neighbour-rows.ts';
import { noticeText } from './notice-text.ts';
import { runFacts, runSentence } from './run-facts.ts';
import { startSections } from './start-section.ts';
import { type ReportSubject, subjectSentence } from './subject-sentence.ts';

/** What a page about a training run is made of. */
export interface TrainingReport {
  readonly title: string;
  readonly subject?: ReportSubject | undefined;
  readonly config: TrainingConfig;
  /** The lines of the run's `log.jsonl`. */
  readonly log: readonly JsonValue[];
  /** The lines of the log of the softmax pre-training, and the classes that it told apart. */
  readonly pretraining?: { readonly log: readonly JsonValue[]; readonly classes: number };
  /** What was measured: baselines first, the trained network last. Empty if nothing was. */
  readonly measures: readonly MeasureRow[];
  /** What the intervals of the measures are over. Default: `queries`. */
  readonly intervalsOver?: IntervalsOver;
  /** Queries with what was found for them. */
  readonly neighbours?: readonly NeighbourRow[];
  /** The queries that find most, and those that find least, with what was found for them. */
  readonly extremes?: { readonly best: readonly NeighbourRow[]; readonly worst: readonly NeighbourRow[] };
  readonly distances?: DistanceHistogram;
  readonly map?: EmbeddingMap;
  /** Of whom pairs, best and worst queries and map are, in a sentence. */
  readonly evaluatedNote?: string;
  /** What the doctor found; empty if it looked and found nothing. */
  readonly findings?: readonly Finding[];
  /** Pictures that findings are about, by their names. */
  readonly findingPictures?: ReadonlyMap<string, ReportPicture>;
  /** Of the pictures that were trained on. */
  readonly dataHash?: string;
  /** Whom the pictures have to be credited to, as plain text; web addresses in it become links. */
  readonly notice?: string;
}

/** What a mark at a picture that was found means. */
const marked = html`<span class="legend">${tick}</span> and a thick border mark those of the query’s own class.`;

/**
 * A page about a training run: headline figures, what the doctor found, measures beside those of the baselines, queries with
 * their nearest neighbours, the queries that find most and least, distances of pairs, a map of the embeddings, charts of the
 * training, how to do it again, credits. One HTML file that needs no network and no script. What there is no data for is
 * left out.
 *
 * @throws if a line of the log lacks what every line has, or a picture is not a data URI.
 */
export function trainingReport(report: TrainingReport): string {
  const { title, subject, config, measures, neighbours = [], findings, notice = '' } = report;
  const log = readTrainingLog(report.log);
  const sections: PageSection[] = [];
  if (findings !== undefined && findings.length > 0) {
    const pictures = report.findingPictures ?? new Map<string, ReportPicture>();
    sections.push({ id: 'doctor', title: 'What the doctor found', content: findingsList(findings, pictures) });
  }
  if (measures.length > 0) {
    sections.push({
      id: 'measures',
      title: 'How well it finds',
      content: measuresComparison(measures, report.intervalsOver),
    });
  }
  if (config.start !== undefined) sections.push(...startSections(config.start));
  if (neighbours.length > 0) {
    sections.push({
      id: 'neighbours',
      title: 'Nearest neighbours',
      lead: html`Each row is a query and the pictures nearest to it, with their distance. ${marked}`,
      content: neighbourRows(neighbours),
    });
  }
  sections.push(...evaluatedSections(report), ...pretrainingSection(report));
  if (config.start === undefined) {
    sections.push({
      id: 'training',
      title: 'How the training went',
      content: html`${trainingCharts(log, config.loss)}${healthy(findings)}`,
    });
  }
  sections.push({
    id: 'run',
    title: 'To repeat it',
    content: html`${runFacts(config, log, report.dataHash)}
<details><summary>Whole configuration</summary>
${configurationList(config)}
</details>`,
  });
  if (notice.trim() !== '') {
    sections.push({ id: 'credits', title: 'Credits', content: html`<div class="notice">${noticeText(notice)}</div>` });
  }
  return page({
    title,
    kind: 'Training report',
    lead: [...(subject === undefined ? [] : [subjectSentence(subject)]), runSentence(config, log)].join(' '),
    top: headline(measures, log),
    sections,
  });
}

function pretrainingSection({ pretraining }: TrainingReport): PageSection[] {
  if (pretraining === undefined) return [];
  const { log, classes } = pretraining;
  return [
    {
      id: 'pretraining',
      title: 'How the pre-training went',
      lead: html`Before the ranking its ConvNet was trained to tell ${classes} classes apart. The classification layer and the optimiser’s state were thrown away.`,
      content: trainingCharts(readTrainingLog(log), { kind: 'softmax', classes }),
    },
  ];
}

/** What the embeddings of the judged pictures show. */
function evaluatedSections({ extremes, distances, map, evaluatedNote = '' }: TrainingReport): PageSection[] {
  const sections: PageSection[] = [];
  if (extremes !== undefined && extremes.best.length > 0) {
    sections.push({
      id: 'best',
      title: 'Queries that find most',
      lead: html`By MAP@R. ${evaluatedNote} ${marked}`,
      content: neighbourRows(extremes.best),
    });
  }
  if (extremes !== undefined && extremes.worst.length > 0) {
    sections.push({
      id: 'worst',
      title: 'Queries that find least',
      lead: html`By MAP@R; of equal ones those whose first wrong neighbour is nearest. ${evaluatedNote} ${marked}`,
      content: neighbourRows(extremes.worst),
    });
  }
  if (distances !== undefined) {
    sections.push({ id: 'distances', title: 'Distances of pairs', content: distanceChart(distances) });
  }
  if (map !== undefined) {
    sections.push({ id: 'map', title: 'Map of the embeddings', content: embeddingMap(map) });
  }
  return sections;
}

function healthy(findings: readonly Finding[] | undefined): Html | undefined {
  if (findings === undefined || findings.length > 0) return undefined;
  return html`
<p class="healthy">The doctor looked at the run and its pictures and found nothing wrong.</p>`;
}
