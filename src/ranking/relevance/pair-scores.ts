import path from 'node:path';
import { z } from 'zod';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { cellOf, columnOf, csvRows } from '../../foundation/files/csv-rows.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { defineRelevance } from './define-relevance.ts';
import { imageNames } from './image-names.ts';
import type { Relevance } from './relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';
import { fileBehind } from './typed-relevance.ts';

/** Relevance from a file of pairs, and what of the file was not used. */
export interface PairScores extends Relevance {
  /** Pairs that were taken. */
  readonly pairs: number;
  /** Pairs of different categories, whose relevance is 0 by definition, and of images that look the same. */
  readonly pairsIgnored: number;
}

/**
 * Relevance from a CSV with the columns `image`, `other` and `score`: a line a pair, in either order. Pairs that are not
 * listed have relevance 0. Totals are exact sums. All pairs are held in memory.
 *
 * Images are named as `imageNames` says; lines about images of the dataset that are not asked about are passed over.
 *
 * @throws if the file cannot be read, lacks a column, names an image that the dataset does not have, has a score that is not
 * a number of at least 0, pairs an image with itself or lists a pair twice with different scores, naming the line; or if no
 * pair of it can be used.
 */
export async function pairScores(images: RelevanceImages, categories: Int32Array, file: string): Promise<PairScores> {
  const named = imageNames(images, path.dirname(path.resolve(file)));
  const count = images.places.length;
  const scores = new Map<number, number>();
  const totals = new Float64Array(count);
  let columns: readonly [number, number, number] | undefined;
  let pairsIgnored = 0;
  for await (const row of csvRows(file)) {
    const { cells, line } = row;
    if (columns === undefined) {
      columns = [columnOf(file, cells, ['image']), columnOf(file, cells, ['other']), columnOf(file, cells, ['score'])];
      continue;
    }
    const where = `line ${line} of '${file}'`;
    const [a, b] = [cellOf(file, row, columns[0]), cellOf(file, row, columns[1])].map((name) => {
      const { known, image } = named(name);
      if (!known) {
        throw new DatasetError(
          `${where} names '${excerpt(name)}', which is not among the images of '${images.dataset.root}'`,
        );
      }
      return image;
    });
    const text = cellOf(file, row, columns[2]).trim();
    const score = text === '' ? Number.NaN : Number(text);
    if (!(score >= 0 && score < Number.POSITIVE_INFINITY)) {
      throw new DatasetError(`${where} has the score '${excerpt(text)}': it has to be a number of at least 0`);
    }
    if (a === undefined || b === undefined) continue;
    if (a === b) throw new DatasetError(`${where} pairs '${excerpt(cells[columns[0]])}' with itself: remove the line`);
    if (categories[a] !== categories[b] || images.twins[a] === images.twins[b]) {
      pairsIgnored++;
      continue;
    }
    const key = Math.min(a, b) * count + Math.max(a, b);
    const before = scores.get(key);
    if (before !== undefined && before !== score) {
      throw new DatasetError(
        `${where} gives the pair '${excerpt(cells[columns[0]])}', '${excerpt(cells[columns[1]])}' the score ${score}, a line before it ${before}: keep one of the two`,
      );
    }
    if (before !== undefined) continue;
    scores.set(key, score);
    totals[a] += score;
    totals[b] += score;
  }
  if (scores.size === 0) {
    throw new DatasetError(
      `'${file}' has no pair of two images of one category to learn from (${pairsIgnored} pairs are of different categories or look the same): give the columns image, other and score, and a line for each pair`,
    );
  }
  const between = (a: number, b: number) => scores.get(Math.min(a, b) * count + Math.max(a, b)) ?? 0;
  return { categories, between, totals, estimatedTotals: 0, pairs: scores.size, pairsIgnored };
}

/** Relevance from a file of pairs, for the table. */
export const pairsRelevance = defineRelevance({
  schema: z.strictObject({ kind: z.literal('pairs'), file: z.string().min(1) }),
  forms: ['pairs:<file.csv>'],
  option: 'pairs:file.csv',
  parse: (behind) => fileBehind('pairs', behind),
  behind: ({ file }) => file,
  load: ({ file }, { images, categories }) => pairScores(images, categories, file),
});
