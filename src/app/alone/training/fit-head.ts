import type { Engine } from '../../../engines/engine.ts';
import { evaluateEmbeddings } from '../../../evaluation/reports/evaluate-embeddings.ts';
import { mean } from '../../../foundation/numbers/mean.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import {
  type ClosedForm,
  fitClosedForm,
  type LinearMap,
  linearMapOf,
  mappedRows,
} from '../../../ranking/closed-forms/closed-form.ts';
import { type Matrix, matrix, rowsAt, unitRows } from '../../../ranking/closed-forms/matrix.ts';
import { MatrixProducts } from '../../../ranking/closed-forms/matrix-products.ts';
import { classFolds, type Fold } from '../../../training/start/folds.ts';
import { wayTo } from '../../../training/start/head-steps.ts';
import { trainHead } from '../../../training/start/train-head.ts';
import { joinedRows } from './joined-rows.ts';

/** What a head is fitted to, and who hears of it. */
export interface FitHeadOptions {
  readonly engine: Engine;
  /** Embeddings of the pictures that are learnt from, rows of unit length. */
  readonly rows: Matrix;
  readonly labels: readonly number[];
  readonly steps: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Hears of the steps of the head itself. */
  readonly onStep: (step: number, of: number, loss: number) => void | Promise<void>;
  /** Hears of the steps of the folds' heads, which say how far it goes. */
  readonly onFoldStep: (step: number, of: number) => void | Promise<void>;
}

/** A head: a linear map whose result is brought to length 1, and why it is as it is. */
export interface FittedHead {
  readonly map: LinearMap;
  readonly remarks: readonly string[];
  /** Every row by a head of the same making that had not learnt its class. */
  readonly unseen: UnseenRows;
}

/** Embeddings of pictures by heads that had not learnt their classes. */
export interface UnseenRows {
  /** Rows of unit length. */
  readonly data: Float32Array;
  readonly labels: readonly number[];
  /** How many rows each of these heads made, one behind the other. */
  readonly parts: readonly number[];
}

/** What the head may begin as: the embedding as it is, or less of what pictures of a class differ in. */
const starts: readonly ClosedForm[] = [
  { kind: 'identity', shrinkage: 0 },
  { kind: 'within-class', shrinkage: 0.5 },
  { kind: 'within-class', shrinkage: 0.2 },
];
/** How far it goes from there to where training ends. */
const ways = [0, 0.25, 0.5, 1] as const;
const learningRate = 5e-4;
const foldCount = 3;
/** A choice has to find more than the one before it by this, of MAP@R: smaller gains may be chance. */
const leastGain = 0.005;

/**
 * Fits a head to classes in seconds: a closed form of the embeddings, chosen by folds of the classes, and from there a share of
 * the way to what training makes of it, chosen by the same folds, each of which judges classes that its head has not seen.
 *
 * Source: as `strongStart`, of which this is the part that a page has time for.
 *
 * @throws AbortError if it was aborted.
 */
export async function fitHead(options: FitHeadOptions): Promise<FittedHead> {
  const products = new MatrixProducts(options.engine);
  try {
    const folds = classFolds(options.labels, foldCount, RandomSource.fromSeed(options.seed, 'head folds'));
    const fitting = new HeadFitting(options, products, folds);
    const start = await fitting.chooseStart();
    const trained = await fitting.train(start.form);
    const way = await fitting.chooseWay(start.form);
    const map = await fitting.joined(trained, way.share);
    const remarks = [startRemark(start.form, start.gain), wayRemark(way.share, way.gain)];
    return { map, remarks, unseen: await fitting.unseen(way) };
  } finally {
    await products.close();
  }
}

/** How far it is gone from a closed form, how much more that finds, and the heads of the folds. */
interface ChosenWay {
  readonly share: number;
  readonly gain: number;
  readonly trained: ReadonlyMap<Fold, TrainedStart>;
}

/** The choices of a fit, each judged by folds. */
class HeadFitting {
  constructor(
    private readonly options: FitHeadOptions,
    private readonly products: MatrixProducts,
    private readonly folds: readonly Fold[],
  ) {}

  /** The closed form that finds most, and how much more than the embedding as it is. */
  async chooseStart(): Promise<{ readonly form: ClosedForm; readonly gain: number }> {
    const scores: number[] = [];
    for (const form of starts) scores.push(await this.#score((fold) => this.#closedForm(form, fold.train)));
    const best = bestOf(scores);
    return { form: starts[best], gain: scores[best] - scores[0] };
  }

  /** The head of all rows, as training makes it of a closed form. */
  train(form: ClosedForm): Promise<TrainedStart> {
    const { labels, steps, onStep } = this.options;
    const all = labels.map((_, row) => row);
    return this.#train(form, all, (step, loss) => onStep(step, steps, loss));
  }

  /** How far to go from a closed form, and how much more that finds. */
  async chooseWay(form: ClosedForm): Promise<ChosenWay> {
    const { steps, onFoldStep } = this.options;
    const trained = new Map<Fold, TrainedStart>();
    for (const [place, fold] of this.folds.entries()) {
      const told = (step: number) => onFoldStep(place * steps + step, this.folds.length * steps);
      trained.set(fold, await this.#train(form, fold.train, told));
    }
    const scores: number[] = [];
    for (const share of ways) scores.push(await this.#score((fold) => this.joined(trained.get(fold)!, share)));
    const best = bestOf(scores);
    return { share: ways[best], gain: scores[best] - scores[0], trained };
  }

  /** Every row by the head of the fold that judges it. */
  async unseen({ share, trained }: ChosenWay): Promise<UnseenRows> {
    const { rows, labels } = this.options;
    const data: Float32Array[] = [];
    for (const [fold, start] of trained) {
      const mapped = await mappedRows(this.products, rowsAt(rows, fold.queries), await this.joined(start, share));
      data.push(unitRows(mapped));
    }
    const folds = [...trained.keys()];
    return {
      data: joinedRows(data),
      labels: folds.flatMap(({ queries }) => queries.map((row) => labels[row])),
      parts: folds.map(({ queries }) => queries.length),
    };
  }

  async #closedForm(form: ClosedForm, rows: readonly number[]): Promise<LinearMap> {
    const { columns } = this.options.rows;
    const labels = rows.map((row) => this.options.labels[row]);
    const fitted = await fitClosedForm(this.products, rowsAt(this.options.rows, rows), labels, form, columns);
    return linearMapOf(this.products, fitted, columns, columns);
  }

  async #train(
    form: ClosedForm,
    rows: readonly number[],
    onStep: (step: number, loss: number) => void | Promise<void>,
  ): Promise<TrainedStart> {
    const { engine, steps, seed, signal } = this.options;
    const start = await this.#closedForm(form, rows);
    const mapped = await mappedRows(this.products, rowsAt(this.options.rows, rows), start);
    const part = { dimension: mapped.columns, share: 1, rows: unitRows(mapped) };
    const labels = rows.map((row) => this.options.labels[row]);
    const [map] = await trainHead(engine, [part], labels, { learningRate, steps, seed, signal, onStep });
    return { start, map };
  }

  /** `x -> M (W x + b)` as one linear map, M being a share of the way from the identity to the trained one. */
  async joined({ start, map }: TrainedStart, share: number): Promise<LinearMap> {
    const way = wayTo(map, share);
    const weight = await this.products.product(way, start.weight);
    const { data } = await this.products.product(way, matrix(start.bias.length, 1, start.bias.slice()));
    return { weight, bias: data };
  }

  /** MAP@R of the folds' pictures among all, by heads that have not seen their classes. */
  async #score(headOf: (fold: Fold) => Promise<LinearMap>): Promise<number> {
    const { engine, labels, rows } = this.options;
    const scores: number[] = [];
    for (const fold of this.folds) {
      const mapped = await mappedRows(this.products, rows, await headOf(fold));
      const { measures } = await evaluateEmbeddings({
        embeddings: unitRows(mapped),
        dimension: mapped.columns,
        labels,
        engine,
        queries: [...fold.queries].sort((a, b) => a - b),
        resamples: 1,
        triplets: 1,
      });
      scores.push(measures.mapAtR.value);
    }
    return mean(scores);
  }
}

/** A closed form, and the square map that training has put behind it. */
interface TrainedStart {
  readonly start: LinearMap;
  readonly map: Matrix;
}

/** The first of the best, each of which has to gain something over the one before. */
function bestOf(scores: readonly number[]): number {
  return scores.reduce((best, score, place) => (score > scores[best] + leastGain ? place : best), 0);
}

function startRemark({ kind, shrinkage }: ClosedForm, gain: number): string {
  if (kind === 'identity') return 'The head begins as the embedding as it is: by folds, no closed form finds more.';
  return `The head begins as the closed form of the scatter within classes, shrunk by ${shrinkage}: by folds, MAP@R ${pointsText(gain)} more than the embedding as it is.`;
}

function wayRemark(share: number, gain: number): string {
  if (share === 0) return 'Training does not go beyond that: by folds, it finds no more.';
  return `It goes ${Math.round(100 * share)}% of the way to what training makes of it: by folds, MAP@R ${pointsText(gain)} more.`;
}

const pointsText = (share: number) => `${(100 * share).toFixed(1)} points`;
