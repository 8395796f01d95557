import type { Engine } from '../../engines/engine.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { fitClosedForm, type LinearMap, linearMapOf, mappedRows } from '../../ranking/closed-forms/closed-form.ts';
import { type Matrix, matrix, unitRows } from '../../ranking/closed-forms/matrix.ts';
import type { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import type { CandidatePart } from './fold-heads.ts';
import { type HeadPart, type HeadTraining, trainHead, wayTo } from './train-head.ts';

/** What a start is fitted to. */
export interface FitStart {
  readonly engine: Engine;
  readonly products: MatrixProducts;
  /** Features of all training pictures, one matrix a source, in all of their directions. */
  readonly sources: readonly Matrix[];
  readonly labels: readonly number[];
  readonly candidate: readonly CandidatePart[];
  /** How the head goes on from there; undefined if it does not. */
  readonly training: (HeadTraining & { readonly share: number }) | undefined;
}

/**
 * The linear map of each part of a chosen candidate, fitted to all training pictures: the closed form, and what training has
 * made of it, in one.
 *
 * Formula: `x -> M (W x + b)`, W and b of the closed form, M a share of the way from the identity to the trained map. Lengths do
 * not matter, for each part is brought to length 1 behind it.
 */
export async function fitStart(options: FitStart): Promise<LinearMap[]> {
  const { engine, products, sources, labels, candidate, training } = options;
  const maps: LinearMap[] = [];
  const parts: HeadPart[] = [];
  for (const { source, form, dimension, share } of candidate) {
    const rows = sources[source];
    const fitted = await fitClosedForm(products, rows, labels, form, dimension);
    const map = await linearMapOf(products, fitted, rows.columns, dimension);
    maps.push(map);
    if (training === undefined) continue;
    const mapped = await mappedRows(products, rows, map);
    parts.push({ dimension: mapped.columns, share, rows: unitRows(mapped) });
  }
  if (training === undefined) return maps;
  const trained = await trainHead(engine, parts, labels, training);
  const moved: LinearMap[] = [];
  for (const [place, { weight, bias }] of maps.entries()) {
    const map = wayTo(trained[place], training.share);
    const column = await products.product(map, matrix(bias.length, 1, bias));
    moved.push({ weight: await products.product(map, weight), bias: column.data });
  }
  return moved;
}

/** Names of the linear layer of each part: the trunk's, and that of oriented gradients. */
const layers = ['embedding', 'contours'] as const;

/** The weights of a network whose linear layers are these maps, of the parts in their order. */
export function startingWeights(maps: readonly LinearMap[]): Map<string, Tensor> {
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
