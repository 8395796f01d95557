import type { MeanWithInterval } from '../../evaluation/intervals/bootstrap.ts';
import { counted } from '../../foundation/text/counted.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { pairedConclusion } from '../pages/paired-conclusion.ts';
import { compareModelsByTriplets } from '../runs/evaluation/compare-models-by-triplets.ts';
import { evaluateTripletFile } from '../runs/evaluation/evaluate-triplet-file.ts';
import { loadTripletMaterial, tripletsOfDataset } from '../runs/evaluation/triplet-material.ts';
import type { JsonDocument } from './command.ts';
import type { OpenedModel } from './input/open-model.ts';
import { measuresTable, pairedTable } from './output/measures-table.ts';
import { sayModels } from './output/say-models.ts';
import type { Terminal } from './output/terminal.ts';
import { sayUnreadable } from './output/unreadable-images.ts';

/** What one or two models are judged on by triplets of a file, and how it is told. */
export interface EvaluateByTripletsOptions {
  readonly first: OpenedModel;
  /** Another model to measure the difference to. */
  readonly second: OpenedModel | undefined;
  readonly terminal: Terminal;
  /** The CSV of triplets. */
  readonly file: string;
  /** The gallery; default: the images that the triplets name. */
  readonly dataset?: ImageDataset;
  readonly categoryLevels: number;
  readonly scoreAt: number;
  readonly distance?: SearchDistanceName;
  readonly seed: number;
  /** What the document says of the images, where they are not the file's own. */
  readonly chosen?: JsonDocument;
}

/** Judges a model, or two, by the triplets of a file, says what was found, and returns it as a document. */
export async function evaluateByTriplets(options: EvaluateByTripletsOptions): Promise<JsonDocument> {
  const { first, second, terminal, file, dataset, categoryLevels, scoreAt, distance, seed, chosen } = options;
  const material =
    dataset === undefined ? await loadTripletMaterial(file) : await tripletsOfDataset(file, dataset, categoryLevels);
  first.announce(terminal);
  second?.announce(terminal);
  const judged = {
    material,
    file,
    scoreAt,
    seed,
    onProgress: terminal.showProgress,
    signal: terminal.signal,
    ...(distance === undefined ? {} : { distance }),
  };
  const sayCounts = (triplets: number, queries: number) =>
    terminal.say(`${counted(triplets, 'triplet')} of ${counted(queries, 'query', 'queries')}`);
  const saySkipped = (skipped: number, unreadable: readonly { readonly reason: string }[]) => {
    if (skipped > 0) terminal.say(`${counted(skipped, 'triplet')} left out, for one of their images cannot be read`);
    sayUnreadable(terminal, unreadable);
  };
  if (second === undefined) {
    const { report, skipped, unreadable } = await evaluateTripletFile({ ...judged, embedder: first.embedder });
    sayCounts(report.triplets, report.queries);
    for (const line of measuresTable({ name: 'model', measures: report.measures }, [])) terminal.say(line);
    const score = report.scoreAtTopK;
    if (score !== null) terminal.say(`${scoreLine(score)}, of ${counted(score.counted, 'triplet')} that count`);
    saySkipped(skipped, unreadable);
    return { model: first.model, ...chosen, triplets: file, evaluation: report, skipped, unreadable };
  }
  const found = await compareModelsByTriplets({ ...judged, first: first.embedder, second: second.embedder });
  const { skipped, unreadable, ...comparison } = found;
  sayCounts(found.triplets, found.queries);
  sayModels(terminal, first, second);
  for (const line of pairedTable(found.measures)) terminal.say(line);
  const { k, difference } = found.scoreAtTopK;
  terminal.say(`${scoreLine({ k, ...found.scoreAtTopK.first })}, against ${whole(found.scoreAtTopK.second)}`);
  terminal.say(`  difference ${whole(difference)}`);
  const evaluatedMeasures = { ...found.measures, scoreAtTopK: found.scoreAtTopK };
  terminal.say(pairedConclusion(['A', 'B'], evaluatedMeasures));
  saySkipped(skipped, unreadable);
  return {
    model: first.model,
    against: second.model,
    ...chosen,
    triplets: file,
    comparison,
    conclusion: pairedConclusion([first.model.path, second.model.path], evaluatedMeasures),
    skipped,
    unreadable,
  };
}

function scoreLine({ k, ...mean }: { readonly k: number } & MeanWithInterval): string {
  return `score-at-top-${k}  ${whole(mean)}`;
}

/** A sum with its interval. */
function whole({ value, low, high }: MeanWithInterval): string {
  return `${Math.round(value)}  (95% interval ${Math.round(low)} to ${Math.round(high)})`;
}
