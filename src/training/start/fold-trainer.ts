import type { Matrix } from '../../ranking/closed-forms/matrix.ts';
import type { FoldEvaluator } from './choosing/compare-candidates.ts';
import type { CandidatePart, FoldHeads } from './fold-heads.ts';
import type { Fold } from './folds.ts';
import type { StrongStartOptions } from './strong-start-options.ts';
import { trainHead } from './train-head.ts';

/** Trains heads in folds, each once. */
export class FoldTrainer {
  readonly #known = new Map<string, Promise<Matrix[]>>();

  constructor(
    private readonly options: Pick<StrongStartOptions, 'engine' | 'seed' | 'signal'>,
    private readonly heads: FoldHeads,
    private readonly steps: number,
  ) {}

  /** The square maps of a candidate's parts in each fold of a judge. */
  async maps(
    { folds }: Pick<FoldEvaluator, 'folds'>,
    candidate: readonly CandidatePart[],
    learningRate: number,
  ): Promise<Matrix[][]> {
    const all: Matrix[][] = [];
    for (const fold of folds) all.push(await this.#fold(fold, candidate, learningRate));
    return all;
  }

  #fold(fold: Fold, candidate: readonly CandidatePart[], learningRate: number): Promise<Matrix[]> {
    const key = JSON.stringify([fold.queries, candidate, learningRate]);
    const known = this.#known.get(key) ?? this.#train(fold, candidate, learningRate);
    this.#known.set(key, known);
    return known;
  }

  async #train(fold: Fold, candidate: readonly CandidatePart[], learningRate: number): Promise<Matrix[]> {
    const { engine, seed, signal } = this.options;
    const parts = await this.heads.parts(fold, candidate, fold.train);
    const labels = fold.train.map((row) => this.heads.labels[row]);
    return trainHead(engine, parts, labels, { learningRate, steps: this.steps, seed, signal });
  }
}
