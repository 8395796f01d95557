import type { Engine } from '../../../engines/engine.ts';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import { type Matrix, matrix, unitRows } from '../../../ranking/closed-forms/matrix.ts';
import { type EvaluatedRows, evaluateRows, scoresOf } from '../evaluate-rows.ts';
import { type CandidatePart, type FoldHeads, joined } from '../fold-heads.ts';
import type { Fold } from '../folds.ts';
import { type HeadPart, wayTo } from '../head-steps.ts';

/** Scores of queries, and the class of each. */
export interface Scores {
  readonly values: Float64Array;
  readonly labels: readonly number[];
}

/** Square maps that training has given the parts in each fold, and how far to go to them. */
export interface TrainedMaps {
  readonly maps: readonly (readonly Matrix[])[];
  readonly share: number;
}

/** Judges candidates by folds. */
export class FoldEvaluator {
  /**
   * @param among `fold`: queries are searched for among each other, as new classes among new ones, where no picture was learnt
   * and none has an advantage; `all`: among all pictures.
   * @param signal aborting it stops the evaluation before its next fold.
   */
  constructor(
    private readonly engine: Engine,
    private readonly heads: FoldHeads,
    readonly folds: readonly Fold[],
    readonly among: 'fold' | 'all',
    private readonly signal?: AbortSignal | undefined,
  ) {}

  /** Recall@1 and MAP@R of each query, added. */
  async scores(candidate: readonly CandidatePart[], trained?: TrainedMaps): Promise<Scores> {
    const values: number[] = [];
    const labels: number[] = [];
    for (const { rows, evaluated } of await this.evaluated(candidate, trained)) {
      values.push(...scoresOf(evaluated));
      labels.push(...evaluated.queries.map((query) => this.heads.labels[rows[query]]));
    }
    return { values: Float64Array.from(values), labels };
  }

  /** Measures of each fold's queries; `rows` are the pictures that the fold's embeddings are of. @throws AbortError if it was aborted. */
  async evaluated(
    candidate: readonly CandidatePart[],
    trained?: TrainedMaps,
    ks?: readonly number[],
  ): Promise<{ readonly rows: readonly number[]; readonly evaluated: EvaluatedRows; readonly embedded: Embedded }[]> {
    const found = [];
    for (const [index, fold] of this.folds.entries()) {
      throwIfAborted(this.signal);
      const rows = this.among === 'fold' ? fold.queries : this.heads.labels.map((_, row) => row);
      const parts = await this.heads.parts(fold, candidate, rows);
      const embedded = joined(
        trained === undefined ? parts : await this.#moved(parts, trained.maps[index], trained.share),
      );
      const evaluated = await evaluateRows({
        engine: this.engine,
        embeddings: embedded.data,
        dimension: embedded.dimension,
        labels: rows.map((row) => this.heads.labels[row]),
        ...(this.among === 'fold' ? {} : { queries: fold.queries }),
        ...(ks === undefined ? {} : { ks }),
      });
      found.push({ rows, evaluated, embedded });
    }
    return found;
  }

  /** The parts by a share of the way to their trained maps. */
  async #moved(parts: readonly HeadPart[], maps: readonly Matrix[], share: number): Promise<HeadPart[]> {
    const moved: HeadPart[] = [];
    for (const [place, part] of parts.entries()) {
      const rows = matrix(part.rows.length / part.dimension, part.dimension, Float64Array.from(part.rows));
      const mapped = await this.heads.products.productOfTransposed(rows, wayTo(maps[place], share));
      moved.push({ ...part, rows: unitRows(mapped) });
    }
    return moved;
  }
}

/** Embeddings of some pictures. */
export interface Embedded {
  readonly data: Float32Array;
  readonly dimension: number;
}
