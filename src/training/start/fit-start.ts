import type { Engine } from '../../engines/engine.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import {
  fitClosedForm,
  type LinearMap,
  linearMapOf,
  mappedRows,
  tapered,
} from '../../ranking/closed-forms/closed-form.ts';
import { type Matrix, matrix, unitRows } from '../../ranking/closed-forms/matrix.ts';
import type { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import type { CandidatePart } from './fold-heads.ts';
import { type HeadPart, wayTo } from './head-steps.ts';
import { type HeadTraining, trainHead } from './train-head.ts';

/** A part of a chosen candidate, and the features that it is fitted to. */
export interface FittedPart extends Omit<CandidatePart, 'source'> {
  /** Features of all training pictures, in the directions of the basis. */
  readonly rows: Matrix;
  /** The directions, [features, directions]; undefined where they are the features themselves. */
  readonly basis: Matrix | undefined;
}

/** What a start is fitted to. */
export interface FitStart {
  readonly engine: Engine;
  readonly products: MatrixProducts;
  readonly parts: readonly FittedPart[];
  readonly labels: readonly number[];
  /** How the head goes on from there; undefined if it does not. */
  readonly training: (HeadTraining & { readonly share: number }) | undefined;
}

/**
 * The linear map of each part of a chosen candidate, fitted to all training pictures: the basis, the closed form, and what
 * training has made of it, in one.
 *
 * Formula: `x -> M (W B' x + b)`, B the basis, W and b of the closed form, M a share of the way from the identity to the trained
 * map. Lengths do not matter, for each part is brought to length 1 behind it.
 */
export async function fitStart({ engine, products, parts, labels, training }: FitStart): Promise<LinearMap[]> {
  const maps: LinearMap[] = [];
  const begun: HeadPart[] = [];
  for (const { rows, form, dimension, taper, share } of parts) {
    const fitted = await fitClosedForm(products, rows, labels, form, dimension);
    const map = tapered(await linearMapOf(products, fitted, rows.columns, dimension), taper);
    maps.push(map);
    if (training === undefined) continue;
    const mapped = await mappedRows(products, rows, map);
    begun.push({ dimension: mapped.columns, share, rows: unitRows(mapped) });
  }
  const trained = training === undefined ? undefined : await trainHead(engine, begun, labels, training);
  const whole: LinearMap[] = [];
  for (const [place, map] of maps.entries()) {
    const moved = trained === undefined ? map : await behind(products, wayTo(trained[place], training!.share), map);
    const { basis } = parts[place];
    const weight = basis === undefined ? moved.weight : await products.productOfTransposed(moved.weight, basis);
    whole.push({ weight, bias: moved.bias });
  }
  return whole;
}

/** A square map behind a linear one, as one. */
async function behind(products: MatrixProducts, map: Matrix, { weight, bias }: LinearMap): Promise<LinearMap> {
  const column = await products.product(map, matrix(bias.length, 1, bias));
  return { weight: await products.product(map, weight), bias: column.data };
}

/** The weights of a network whose linear layers are these maps, of the parts in their order; `layers` names them. */
export function startingWeights(maps: readonly LinearMap[], layers: readonly string[]): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const [part, { weight, bias }] of maps.entries()) {
    const scale = 1 / (rootMeanSquare(weight.data) * Math.sqrt(weight.columns));
    const scaled = (values: Float64Array) => Float32Array.from(values, (value) => scale * value);
    weights.set(`${layers[part]}.weight`, tensor('float32', [weight.rows, weight.columns], scaled(weight.data)));
    weights.set(`${layers[part]}.bias`, tensor('float32', [weight.rows], scaled(bias)));
  }
  return weights;
}

const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
