import type { ClosedForm, FittedForm, Taper } from '../../ranking/closed-forms/closed-form.ts';
import { fitClosedForm, linearMapOf, mappedRows, tapered } from '../../ranking/closed-forms/closed-form.ts';
import { type Matrix, rowsAt, unitRows } from '../../ranking/closed-forms/matrix.ts';
import type { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import { strongestDirectionsOfRows } from '../../ranking/closed-forms/strongest-directions.ts';
import type { Fold } from './folds.ts';
import type { HeadPart } from './head-steps.ts';

/** Directions of features that heads are fitted in, at most, unless a longer embedding is asked for. */
export const comparedDirections = 512;

/** One part of an embedding as a candidate has it. */
export interface CandidatePart {
  /** Which features. */
  readonly source: number;
  readonly form: ClosedForm;
  readonly dimension: number;
  /** Which of its directions count less. Default: none. */
  readonly taper?: Taper | undefined;
  readonly share: number;
}

/** Closed forms of several features, each fitted once to each fold. */
export class FoldHeads {
  readonly #fits = new Map<Fold, Map<string, Promise<FittedForm>>>();

  /**
   * @param sources features of the same pictures, rows of unit length, in the directions of a basis in which there is anything.
   * @param sizes how many directions the basis of each source has: what a part's `dimension` counts in.
   * @param labels the class of each picture.
   */
  constructor(
    readonly products: MatrixProducts,
    readonly sources: readonly Matrix[],
    readonly sizes: readonly number[],
    readonly labels: readonly number[],
  ) {}

  /** What the parts of a candidate that is fitted to a fold make of some pictures: rows of unit length. */
  async parts(fold: Fold, candidate: readonly CandidatePart[], rows: readonly number[]): Promise<HeadPart[]> {
    const parts: HeadPart[] = [];
    for (const { source, form, dimension, taper, share } of candidate) {
      const features = this.sources[source];
      const fitted = await this.#fit(fold, source, form, directionsFor(dimension, features.columns));
      const map = await linearMapOf(this.products, fitted, features.columns, Math.min(dimension, features.columns));
      const mapped = await mappedRows(this.products, rowsAt(features, rows), tapered(map, taper));
      parts.push({ dimension: mapped.columns, share, rows: unitRows(mapped) });
    }
    return parts;
  }

  #fit(fold: Fold, source: number, form: ClosedForm, directions: number): Promise<FittedForm> {
    const ofFold = this.#fits.get(fold) ?? new Map<string, Promise<FittedForm>>();
    this.#fits.set(fold, ofFold);
    const key = JSON.stringify([source, form, directions]);
    const rows = this.sources[source];
    const known =
      ofFold.get(key) ??
      fitClosedForm(
        this.products,
        rowsAt(rows, fold.train),
        fold.train.map((row) => this.labels[row]),
        form,
        directions,
        this.sizes[source],
      );
    ofFold.set(key, known);
    return known;
  }
}

/** Directions that are looked for: all, or, for a shorter embedding, the same for the usual lengths, so that they are found once. */
function directionsFor(dimension: number, columns: number): number {
  if (dimension >= columns) return columns;
  return Math.min(columns - 1, Math.max(dimension, comparedDirections / 2));
}

/**
 * The directions in which features are strongest, at most `most`; no class is asked. [features, directions]. Undefined where
 * nothing is saved by them: there are no more features than `most`, nor than pictures. Of few pictures they hold directions that no
 * picture has, behind the others: other pictures may have them.
 */
export async function basisOf(products: MatrixProducts, rows: Matrix, most: number): Promise<Matrix | undefined> {
  const { rows: pictures, columns } = rows;
  if (columns <= Math.min(most, pictures)) return undefined;
  return strongestDirectionsOfRows(products, rows, Math.min(most, columns));
}

/** Features in the directions of a basis; as they are without one. */
export async function inBasis(products: MatrixProducts, rows: Matrix, basis: Matrix | undefined): Promise<Matrix> {
  return basis === undefined ? rows : products.product(rows, basis);
}

/** Parts side by side, each by the root of its share: embeddings of unit length. */
export function joined(parts: readonly HeadPart[]): { readonly data: Float32Array; readonly dimension: number } {
  const dimension = parts.reduce((sum, part) => sum + part.dimension, 0);
  const count = parts[0].rows.length / parts[0].dimension;
  const data = new Float32Array(count * dimension);
  let start = 0;
  for (const { dimension: own, share, rows } of parts) {
    const weight = Math.sqrt(share);
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < own; column++) {
        data[row * dimension + start + column] = weight * rows[row * own + column];
      }
    }
    start += own;
  }
  return { data, dimension };
}
