import { bootstrapMeasures } from '../../evaluation/intervals/bootstrap-measures.ts';
import { similarityPrecisions } from '../../evaluation/measures/similarity-precision.ts';
import { type EvaluationReport, evaluationReportSchema } from '../../evaluation/reports/evaluation-report.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { classUniformTriplets } from '../../ranking/triplets/samplers/class-uniform.ts';
import type { EvaluatedStart, StartConfig } from '../configuration/start-config.ts';
import type { ChosenStart } from './choosing/choose-start.ts';
import { type Embedded, FoldEvaluator, type TrainedMaps } from './choosing/compare-candidates.ts';
import { evaluateRows } from './evaluate-rows.ts';
import {
  type EvaluatedOver,
  type EvaluatedQueries,
  evaluatedStart,
  gainOver,
  measuresOf,
  queriesOf,
} from './evaluated-start.ts';
import type { CandidatePart } from './fold-heads.ts';
import type { FoldTrainer } from './fold-trainer.ts';
import type { Fold } from './folds.ts';
import type { StartMaterial } from './start-material.ts';
import type { StrongStart, StrongStartOptions, UnseenEmbeddings } from './strong-start-options.ts';

/** What folds say of what is kept, and of what it is compared with. */
export type EvaluatedKept = Pick<StrongStart, 'report' | 'baselines' | 'unseen' | 'better'> &
  Pick<StartConfig, 'judged' | 'newClasses' | 'knownClasses'>;

const ks = [1, 5, 10];
/** Triplets behind the similarity precision, of each fold. */
const triplets = 5000;

/** Names in tables. */
const names = { untouched: 'untouched', closedForm: 'closed form', kept: 'kept' } as const;
/** Those that have learnt from pictures of the run. */
const learnt: ReadonlySet<string> = new Set([names.closedForm, names.kept]);

/**
 * Judges what is kept by folds: each picture is searched for once, among all others. Beside it stand what learns nothing, the
 * trunk as it comes, and the closed form where the head was trained.
 */
export async function evaluateKept(
  options: StrongStartOptions,
  material: StartMaterial,
  trainer: FoldTrainer,
  chosen: ChosenStart,
): Promise<EvaluatedKept> {
  const { seed, expect } = options;
  const unlearnt = await evaluatedBaselines(options, material);
  const evaluatedBy = async (folds: readonly Fold[]) => {
    const lines = new Map<string, EvaluatedQueries>(unlearnt);
    const evaluator = new FoldEvaluator(options.engine, material.heads, folds, 'all', options.signal);
    const by = async (candidate: readonly CandidatePart[], trained?: TrainedMaps) =>
      evaluator.evaluated(candidate, trained, ks);
    lines.set(names.untouched, queriesOf(await by(chosen.untouched), material.heads.labels));
    if (chosen.training !== undefined) {
      lines.set(names.closedForm, queriesOf(await by(chosen.candidate), material.heads.labels));
    }
    const trained = await mapsOf(trainer, evaluator, chosen);
    const kept = await by(chosen.candidate, trained);
    lines.set(names.kept, queriesOf(kept, material.heads.labels));
    return { lines, kept };
  };
  const known = await evaluatedBy(material.byPicture);
  const unseen = material.byClass === undefined ? undefined : await evaluatedBy(material.byClass);
  const told = unseen === undefined || expect === 'known-classes' ? known : unseen;
  const folds = told === known ? material.byPicture : material.byClass!;
  const over = told === known ? 'classes' : 'other-classes';
  const asList = ({ lines }: typeof known, own: EvaluatedOver): EvaluatedStart[] =>
    [...lines].map(([name, queries]) => evaluatedStart(name, queries, { seed, over: own, learnt: learnt.has(name) }));
  const { labels } = material.heads;
  return {
    judged: { pictures: labels.length, classes: new Set(labels).size },
    newClasses: unseen === undefined ? [] : asList(unseen, 'other-classes'),
    knownClasses: asList(known, 'classes'),
    report: reportOf(options, material, { ...told, over }, folds),
    baselines: [...told.lines]
      .filter(([name]) => name !== names.kept)
      .map(([name, queries]) => ({ name, measures: measuresOf(queries, { seed, over, learnt: learnt.has(name) }) })),
    better: [...unlearnt.keys()].filter((name) => isBetter(told.lines.get(name)!, told.lines.get(names.kept)!)),
    unseen: await unseenEmbeddings(options, material, trainer, chosen),
  };
}

/** True if one finds more than another, by more than its standard error. */
function isBetter(one: EvaluatedQueries, other: EvaluatedQueries): boolean {
  const { gain, standardError } = gainOver(one, other);
  return gain > standardError;
}

async function mapsOf(
  trainer: FoldTrainer,
  evaluator: FoldEvaluator,
  { candidate, training }: ChosenStart,
): Promise<TrainedMaps | undefined> {
  if (training === undefined) return undefined;
  return { maps: await trainer.maps(evaluator, candidate, training.rate), share: training.share };
}

async function evaluatedBaselines(
  { engine, baselines }: StrongStartOptions,
  { places, heads: { labels } }: StartMaterial,
): Promise<Map<string, EvaluatedQueries>> {
  const lines = new Map<string, EvaluatedQueries>();
  for (const { name, embeddings, dimension } of await baselines(places)) {
    const { queries, measures } = await evaluateRows({ engine, embeddings, dimension, labels, ks });
    lines.set(name, { measures, pictures: queries, labels: queries.map((query) => labels[query]) });
  }
  return lines;
}

function reportOf(
  { seed }: StrongStartOptions,
  { heads: { labels } }: StartMaterial,
  {
    lines,
    kept,
    over,
  }: {
    readonly over: EvaluatedOver;
    readonly lines: ReadonlyMap<string, EvaluatedQueries>;
    readonly kept: readonly { readonly embedded: Embedded }[];
  },
  folds: readonly Fold[],
): EvaluationReport {
  const queries = lines.get(names.kept)!;
  const precision = bootstrapMeasures([similarityPrecision(kept, folds, labels, seed)], { seed })[0];
  return evaluationReportSchema.parse({
    images: labels.length,
    classes: new Set(labels).size,
    dimension: kept[0].embedded.dimension,
    distance: 'euclidean',
    queries: queries.labels.length,
    queriesWithoutRelevant: labels.length - queries.labels.length,
    triplets: triplets * folds.length,
    seed,
    intervals: { level: 0.95, resamples: 1000, over },
    measures: { ...measuresOf(queries, { seed, over, learnt: true }), similarityPrecision: precision },
  });
}

/** Of triplets among the pictures that each fold's head has not learnt; where these make none, of theirs with learnt pictures. */
function similarityPrecision(
  kept: readonly { readonly embedded: Embedded }[],
  folds: readonly Fold[],
  labels: readonly number[],
  seed: number,
) {
  const values: number[] = [];
  for (const [index, { embedded }] of kept.entries()) {
    const { queries } = folds[index];
    const random = RandomSource.fromSeed(seed, `similarity precision ${index}`);
    const apart = new ImagesByClass(queries.map((row) => labels[row]));
    const rows = apart.queries.length > 0 ? queries : labels.map((_, row) => row);
    const images = rows === queries ? apart : new ImagesByClass(labels);
    const judged = new Set(queries);
    const drawn = [...classUniformTriplets(images, triplets, random)].filter(({ query }) => judged.has(rows[query]));
    const inFold = { data: rowsOf(embedded, rows), dimension: embedded.dimension };
    values.push(...similarityPrecisions(inFold, drawn).values);
  }
  return { values: Float64Array.from(values) };
}

/**
 * Embeddings of the pictures of every fold, so that no class is left out where they are few; of folds of pictures, which share their
 * classes, those of the first.
 */
async function unseenEmbeddings(
  { engine, signal }: StrongStartOptions,
  { heads, calibrating: folds }: StartMaterial,
  trainer: FoldTrainer,
  chosen: ChosenStart,
): Promise<UnseenEmbeddings> {
  const evaluator = new FoldEvaluator(engine, heads, folds, 'fold', signal);
  const evaluated = await evaluator.evaluated(chosen.candidate, await mapsOf(trainer, evaluator, chosen));
  return {
    data: Float32Array.from(evaluated.flatMap(({ embedded }) => [...embedded.data])),
    dimension: evaluated[0].embedded.dimension,
    labels: evaluated.flatMap(({ rows }) => rows.map((row) => heads.labels[row])),
    parts: evaluated.map(({ rows }) => rows.length),
  };
}

function rowsOf({ data, dimension }: Embedded, rows: readonly number[]): Float32Array {
  const chosen = new Float32Array(rows.length * dimension);
  for (const [at, row] of rows.entries()) {
    chosen.set(data.subarray(row * dimension, (row + 1) * dimension), at * dimension);
  }
  return chosen;
}
