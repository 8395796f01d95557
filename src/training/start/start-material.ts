import { RandomSource } from '../../foundation/random/random-source.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import { firstColumns, type Matrix, matrix } from '../../ranking/closed-forms/matrix.ts';
import type { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import { FoldEvaluator } from './choosing/compare-candidates.ts';
import { basisOf, comparedDirections, FoldHeads, inBasis } from './fold-heads.ts';
import { classFolds, classPairFolds, evaluableClasses, type Fold, pictureFolds, singleClassFolds } from './folds.ts';
import { rowsToChooseBy } from './start-rows.ts';
import type { StrongStartOptions } from './strong-start-options.ts';

/** Folds, where there are classes or pictures enough. */
const folds = 3;
/** Pictures that a start is chosen by, at most. */
const mostRows = 2500;
/** Classes of a fold, at least, and of what a head learns from: with fewer there is nothing to be told apart. */
const fewestClasses = 2;

/** The pictures that a start is chosen by, divided, and who judges them. */
export interface StartMaterial {
  /** Places of the pictures that are chosen by; heads count pictures by their number in this list. */
  readonly places: readonly ImagePlace[];
  readonly heads: FoldHeads;
  /** The directions that the features of each source are seen in; undefined where in all. */
  readonly bases: readonly (Matrix | undefined)[];
  /** Judges the features and the closed form. */
  readonly choosing: FoldEvaluator;
  /** Judge what training from there gains, by each expectation. */
  readonly training: readonly FoldEvaluator[];
  /** Folds of classes, in which every class is judged once; undefined where there are too few of them. */
  readonly byClass: readonly Fold[] | undefined;
  /** Folds by whose pictures distances are calibrated, each of at least two classes. */
  readonly calibrating: readonly Fold[];
  /** Folds of pictures. */
  readonly byPicture: readonly Fold[];
}

/** Divides the training pictures, and reduces their features to what is compared. */
export async function startMaterial(options: StrongStartOptions, products: MatrixProducts): Promise<StartMaterial> {
  const { engine, data, seed, expect, signal } = options;
  const random = RandomSource.fromSeed(seed, 'strong start');
  const places = rowsToChooseBy(data.train, data.labels, data.digests, mostRows, random);
  const labels = places.map((place) => data.labels[place]);
  const bases: (Matrix | undefined)[] = [];
  const reduced: Matrix[] = [];
  const sizes: number[] = [];
  const most = Math.max(comparedDirections, options.dimension ?? 0);
  for (const source of options.lengths.keys()) {
    const rows = sourceOf(options, source, places);
    const basis = await basisOf(products, rows, most);
    bases.push(basis);
    const seen = await inBasis(products, rows, basis);
    sizes.push(seen.columns);
    // So many pictures have nothing in further directions.
    reduced.push(basis === undefined ? seen : firstColumns(seen, places.length));
  }
  const heads = new FoldHeads(products, reduced, sizes, labels);
  const byPicture = pictureFolds(labels, folds, random);
  const { byClass, apart } = foldsOfClasses(labels, random);
  const knownFolds = [...byPicture];
  for (let deal = 1; expect === 'known-classes' && deal < dealsFor(places.length); deal++)
    knownFolds.push(...pictureFolds(labels, folds, random));
  const known = () => new FoldEvaluator(engine, heads, knownFolds, 'all', signal);
  const unseen = byClass === undefined || expect === 'known-classes' ? undefined : [...apart];
  // Few pictures are dealt several times, so that no single deal decides.
  for (let deal = 1; unseen !== undefined && apart === byClass && deal < dealsFor(places.length); deal++) {
    unseen.push(...classFolds(labels, folds, random));
  }
  const evaluators =
    byClass === undefined || expect === 'known-classes'
      ? [known()]
      : [new FoldEvaluator(engine, heads, apart, 'fold', signal), ...(expect === 'both' ? [known()] : [])];
  const choosing = unseen === undefined ? evaluators[0] : new FoldEvaluator(engine, heads, unseen, 'fold', signal);
  const calibrating = byClass === undefined ? byPicture.slice(0, 1) : apart;
  return { places, heads, bases, choosing, training: evaluators, byClass, calibrating, byPicture };
}

/**
 * Folds of classes: `byClass`, in which each is judged once, and `apart`, whose classes are told from each other, by a head that has
 * learnt none of them. They are the same where classes are many. Of few, `byClass` leaves out one after the other, and `apart` every
 * two of them. Of fewer than four there are none.
 */
function foldsOfClasses(
  labels: readonly number[],
  random: RandomSource,
): { readonly byClass: readonly Fold[] | undefined; readonly apart: readonly Fold[] } {
  const classes = evaluableClasses(labels).length;
  if (classes >= folds * fewestClasses) {
    const byClass = classFolds(labels, folds, random);
    return { byClass, apart: byClass };
  }
  if (classes < 2 * fewestClasses) return { byClass: undefined, apart: [] };
  return { byClass: singleClassFolds(labels), apart: classPairFolds(labels) };
}

/** How often classes are dealt into folds: a query is then judged as often. */
const dealsFor = (pictures: number): number => Math.max(1, Math.min(3, Math.floor(1200 / pictures)));

/** Features of some places, of one source. */
export function sourceOf(
  { features, lengths }: Pick<StrongStartOptions, 'features' | 'lengths'>,
  source: number,
  places: readonly ImagePlace[],
): Matrix {
  const start = lengths.slice(0, source).reduce((sum, length) => sum + length, 0);
  const rows = matrix(places.length, lengths[source]);
  for (const [row, place] of places.entries()) {
    rows.data.set(features.row(place).subarray(start, start + rows.columns), row * rows.columns);
  }
  return rows;
}
