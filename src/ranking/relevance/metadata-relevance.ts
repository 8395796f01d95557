import path from 'node:path';
import { z } from 'zod';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { cellOf, columnOf, csvRows } from '../../foundation/files/csv-rows.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { defineRelevance } from './define-relevance.ts';
import { imageNames } from './image-names.ts';
import type { PairRelevance } from './relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';
import { withTotals } from './total-relevance.ts';
import { fileBehind } from './typed-relevance.ts';

/**
 * Relevance by overlap of metadata: a CSV with the column `image` and any others, a line an image. What an image has in a
 * column, several values with `;` between them, are its attributes; two images are as relevant as the share of their
 * attributes that both have: `|A and B| / |A or B|` (Jaccard 1901). Empty cells and images without a line have none.
 *
 * @throws if the file cannot be read, lacks the column or has no other, names an image that the dataset does not have or
 * names one twice, with the line; or if no image has an attribute.
 */
export async function metadataOverlap(images: RelevanceImages, file: string): Promise<PairRelevance> {
  const named = imageNames(images, path.dirname(path.resolve(file)));
  const attributes: (Int32Array | undefined)[] = images.places.map(() => undefined);
  const numbers = new Map<string, number>();
  let header: readonly string[] | undefined;
  let column = 0;
  for await (const row of csvRows(file)) {
    const { cells, line } = row;
    if (header === undefined) {
      header = cells;
      column = columnOf(file, cells, ['image', 'path', 'file']);
      if (cells.length < 2)
        throw new DatasetError(`the first line of '${file}' has no column of metadata beside the image's`);
      continue;
    }
    const name = cellOf(file, row, column);
    const { known, image } = named(name);
    if (!known) {
      throw new DatasetError(
        `line ${line} of '${file}' names '${excerpt(name)}', which is not among the images of '${images.dataset.root}'`,
      );
    }
    if (image === undefined) continue;
    if (attributes[image] !== undefined) {
      throw new DatasetError(
        `line ${line} of '${file}' names '${excerpt(name)}' again: put all its metadata on one line`,
      );
    }
    attributes[image] = attributesOf(cells, column, numbers);
  }
  if (!attributes.some((own) => own !== undefined && own.length > 0)) {
    throw new DatasetError(
      `'${file}' has no metadata of the images: give the column image, others, and a line for each image`,
    );
  }
  return (a, b) =>
    images.twins[a] === images.twins[b] ? 0 : overlap(attributes[a] ?? nothing, attributes[b] ?? nothing);
}

const nothing = new Int32Array(0);

/** Numbers of the different `column=value` of a row, ascending. */
function attributesOf(cells: readonly string[], except: number, numbers: Map<string, number>): Int32Array {
  const own = new Set<number>();
  for (const [column, cell] of cells.entries()) {
    if (column === except) continue;
    for (const value of cell.split(';')) {
      if (value.trim() === '') continue;
      const name = `${column}=${value.trim()}`;
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      own.add(number);
    }
  }
  return Int32Array.from(own).sort();
}

function overlap(a: Int32Array, b: Int32Array): number {
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      both++;
      i++;
      j++;
    } else if (a[i] < b[j]) {
      i++;
    } else {
      j++;
    }
  }
  const either = a.length + b.length - both;
  return either === 0 ? 0 : both / either;
}

/** Relevance by overlap of metadata, for the table. */
export const metadataRelevance = defineRelevance({
  schema: z.strictObject({ kind: z.literal('metadata'), file: z.string().min(1) }),
  forms: ['metadata:<file.csv>'],
  option: 'metadata:file.csv',
  parse: (behind) => fileBehind('metadata', behind),
  behind: ({ file }) => file,
  load: async ({ file }, { images, categories, seed }) =>
    withTotals(categories, await metadataOverlap(images, file), seed),
});
