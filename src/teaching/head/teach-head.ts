import type { Engine } from '../../engines/engine.ts';
import { tripletOutcome } from '../../evaluation/measures/similarity-precision.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { Matrix } from '../../ranking/closed-forms/matrix.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import { hinge } from '../../ranking/losses/hinge.ts';
import { learningRateFactor } from '../../ranking/optimizers/learning-rate-schedule.ts';
import { ListedTriplets } from '../../ranking/triplets/samplers/listed-triplets.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { TripletList } from '../../ranking/triplets/triplet-list.ts';
import { classFolds } from '../../training/start/folds.ts';
import { type HeadPart, HeadSteps, wayTo } from '../../training/start/head-steps.ts';
import { headSchedule } from '../../training/start/train-head.ts';
import {
  embeddedBy,
  featuresAt,
  featuresOf,
  type HeadFeatures,
  joinedBy,
  type TaughtHead,
  untaughtHead,
} from './taught-head.ts';

/** What a head is taught by. Triplets name rows of the features. */
export interface TeachingMaterial {
  readonly features: HeadFeatures;
  /** What the head learns from. */
  readonly triplets: readonly Triplet[];
  /** What it is judged by, and never learns from. */
  readonly keptAside: readonly Triplet[];
}

/** How a head is taught, and who hears of it. */
export interface TeachOptions extends LongWork {
  readonly engine: Engine;
  /** Decides folds and the order of triplets. Default: 0. */
  readonly seed?: number | undefined;
}

/** What came of teaching. */
export interface TaughtOutcome {
  /** The head to use: the taught one, or the one that changes nothing where that was worse on what was kept aside. */
  readonly head: TaughtHead;
  /** False if the taught head was worse on what was kept aside, and is not used. */
  readonly kept: boolean;
  /** Similarity precision on the triplets that were kept aside, of the model as it was and of the taught head. */
  readonly before: number;
  readonly after: number;
  /** Heads that were taught with all but some of the answers: what they disagree in is worth asking. */
  readonly committee: readonly TaughtHead[];
}

/** Shares of the colours that are tried; the embedding never goes altogether, for pictures may have the same colours. */
const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9] as const;
/** How far maps go to what training made of them. */
const ways = [0, 0.25, 0.5, 1] as const;
const folds = 4;
/** Triplets of a step, at most. */
const mostTriplets = 128;
const steps = 120;
const learningRate = 0.01;
/** The paper's ranking loss, by the squared Euclidean distance of vectors of unit length. */
const gap = 0.2;
const loss = hinge(gap, squaredEuclidean);
const pull = 0.0001;

/**
 * Teaches a head by triplets, in seconds: the model's embedding and the picture's colours are each mapped by a square matrix
 * and joined by shares. It begins as the model that it is for: share 0 of the colours, maps that are the identity.
 *
 * First the share is chosen that ranks most of the triplets; of equals the one nearest to the start. Maps go from the identity
 * by the paper's ranking loss, held to it by `pull |M - 1|^2`; folds of the queries say how far along that way is best for
 * queries that were not learnt from. The outcome is judged by what was kept aside, and is not used if it is worse there.
 *
 * Source: Wang et al. 2014, equation 3 (the loss); Wortsman et al. 2022 (a share of the way).
 *
 * @throws TrainingError if there is no triplet to learn from, or none that judges; AbortError if it was aborted.
 */
export async function teachHead(material: TeachingMaterial, options: TeachOptions): Promise<TaughtOutcome> {
  const { features, triplets, keptAside } = material;
  requireTriplets(triplets, keptAside);
  const runs = folds + 1;
  const { start, taughtFolds } = await teachFolds(material, options, runs);
  const costs = ways.map((way) =>
    taughtFolds.reduce((sum, { maps, judged }) => {
      return sum + judged.length * costOf(along(start, maps, way), features, at(triplets, judged));
    }, 0),
  );
  const way = ways[costs.indexOf(Math.min(...costs))];
  const maps = await trainedMaps(features, start, triplets, options, runs - 1, runs);
  const taught = along(start, maps, way);
  const committee = taughtFolds.map((fold) => along(start, fold.maps, 1));
  const untaught = untaughtHead(features);
  const [before, after] = [untaught, taught].map((head) => precisionOf(head, features, keptAside));
  const kept = after >= before;
  return { head: kept ? taught : untaught, kept, before, after, committee };
}

/**
 * Heads that were each taught with all but a part of the triplets, as those of `teachHead`: at most four.
 *
 * @throws AbortError if it was aborted.
 */
export async function teachCommittee(
  material: Pick<TeachingMaterial, 'features' | 'triplets'>,
  options: TeachOptions,
): Promise<TaughtHead[]> {
  const { start, taughtFolds } = await teachFolds(material, options, folds);
  return taughtFolds.map(({ maps }) => along(start, maps, 1));
}

/** The head that teaching begins with, and for each fold of the queries the maps that the others' triplets make of it. */
async function teachFolds(
  { features, triplets }: Pick<TeachingMaterial, 'features' | 'triplets'>,
  options: TeachOptions,
  runs: number,
) {
  const start = bestShare(features, triplets);
  const queries = triplets.map(({ query }) => query);
  const random = RandomSource.fromSeed(options.seed ?? 0, 'teaching folds');
  const dealt = classFolds(queries, folds, random).filter(({ train }) => train.length > 0);
  const taughtFolds: { readonly maps: readonly Matrix[]; readonly judged: readonly number[] }[] = [];
  for (const [run, { train, queries: judged }] of dealt.entries()) {
    taughtFolds.push({ maps: await trainedMaps(features, start, at(triplets, train), options, run, runs), judged });
  }
  return { start, taughtFolds };
}

function requireTriplets(triplets: readonly Triplet[], keptAside: readonly Triplet[]): void {
  if (triplets.length === 0) {
    throw new TrainingError('there is no answer to learn from: say which of two pictures is more alike, a few times');
  }
  if (keptAside.length === 0) {
    throw new TrainingError(
      'no answer was kept aside, by which a head could be judged: answer more questions, of which a share is kept aside',
    );
  }
}

/** The share of triplets that a head ranks as they say, a tie counting one half. */
export function precisionOf(head: TaughtHead, features: HeadFeatures, triplets: readonly Triplet[]): number {
  const { embeddings, placed } = embeddedTriplets(head, features, triplets);
  return placed.reduce((sum, triplet) => sum + tripletOutcome(embeddings, triplet), 0) / triplets.length;
}

/** The mean of the loss over triplets: it says more of few triplets than how many are in order. */
function costOf(head: TaughtHead, features: HeadFeatures, triplets: readonly Triplet[]): number {
  const { embeddings, placed } = embeddedTriplets(head, features, triplets);
  const row = (place: number) =>
    embeddings.data.subarray(place * embeddings.dimension, (place + 1) * embeddings.dimension);
  const costs = placed.map(({ query, positive, negative }) =>
    Math.max(
      0,
      gap + squaredEuclidean.between(row(query), row(positive)) - squaredEuclidean.between(row(query), row(negative)),
    ),
  );
  return costs.reduce((sum, cost) => sum + cost, 0) / triplets.length;
}

/** The pictures of triplets embedded, and the triplets by their places among them. */
function embeddedTriplets(head: TaughtHead, features: HeadFeatures, triplets: readonly Triplet[]) {
  const pictures = [...new Set(triplets.flatMap(({ query, positive, negative }) => [query, positive, negative]))];
  const places = new Map(pictures.map((picture, place) => [picture, place]));
  const placed = triplets.map(({ query, positive, negative }) => ({
    query: places.get(query)!,
    positive: places.get(positive)!,
    negative: places.get(negative)!,
  }));
  return { embeddings: embeddedBy(head, featuresAt(features, pictures)), placed };
}

/** Maps that are the identity, with the share of the colours by which most triplets are ranked as they say. */
function bestShare(features: HeadFeatures, triplets: readonly Triplet[]): TaughtHead {
  const heads = shares.map((share) => joinedBy(share, features));
  const precisions = heads.map((head) => precisionOf(head, features, triplets));
  return heads[precisions.indexOf(Math.max(...precisions))];
}

function along(head: TaughtHead, maps: readonly Matrix[], way: number): TaughtHead {
  return head.map((part, place) => ({ ...part, map: wayTo(maps[place], way) }));
}

/** The maps that training makes of the identity. */
async function trainedMaps(
  features: HeadFeatures,
  start: TaughtHead,
  triplets: readonly Triplet[],
  { engine, seed = 0, ...watched }: TeachOptions,
  run: number,
  runs: number,
): Promise<Matrix[]> {
  const many = Math.min(mostTriplets, triplets.length);
  const source = ListedTriplets.fromSeed(TripletList.from(triplets), seed);
  const parts = start.map((part): HeadPart => {
    const { length, rows } = featuresOf(part, features);
    return { dimension: length, share: part.share, rows };
  });
  const head = await HeadSteps.prepare(engine, parts, { loss, rows: 3 * many, pull });
  try {
    for (let step = 1; step <= steps; step++) {
      throwIfAborted(watched.signal);
      const rows = Array.from({ length: many }, () => source.next()).flatMap((one) => [
        one.query,
        one.positive,
        one.negative,
      ]);
      await head.step(rows, {}, step, learningRate * learningRateFactor(headSchedule, step, steps));
      advance(watched, { work: 'teaching', unit: 'steps', done: run * steps + step, total: runs * steps });
    }
    return await head.maps();
  } finally {
    await head.release();
  }
}

const at = <T>(items: readonly T[], places: readonly number[]): T[] => places.map((place) => items[place]);
