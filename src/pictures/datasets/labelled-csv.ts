import path from 'node:path';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { type CsvRow, cellOf, columnOf, csvRows } from '../../foundation/files/csv-rows.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { datasetFromClassNames, type ImageDataset, type ImageSource } from './dataset.ts';

const imageColumns = ['image', 'path', 'file', 'filename'];
const labelColumns = ['label', 'class'];

interface LabelledImage {
  readonly id: string;
  readonly source: ImageSource;
  readonly className: string | undefined;
}

/**
 * A CSV of images and classes, read by the rules of `csvRows`. Its first line names the columns: one of `image`, `path`,
 * `file`, `filename`, and one of `label`, `class`, in any case and order; other columns are not read. Paths are relative to the CSV's own
 * folder, or absolute, and are an image's id as they are written. An empty class cell is an image of no class. The files are
 * not looked at: one that is missing shows when it is decoded.
 *
 * @throws if the file is not a CSV, if a column is missing, if a path is empty or listed twice, if a path or a class is longer
 * than 4,096 characters, or if there is no row; with the file and, where there is one, the line.
 */
export async function loadLabelledCsv(file: string): Promise<ImageDataset> {
  let columns: { readonly image: number; readonly label: number } | undefined;
  const images: LabelledImage[] = [];
  const lines = new Map<string, number>();
  for await (const row of csvRows(file)) {
    if (columns === undefined) columns = columnsOf(file, row.cells);
    else images.push(labelledImage(file, row, columns, lines));
  }
  if (columns === undefined) {
    throw new DatasetError(`'${file}' is empty: its first line has to name the columns image and label`);
  }
  if (images.length === 0) throw new DatasetError(`'${file}' lists no images: add a line for each below the header`);
  return datasetFromClassNames(file, 'csv', images);
}

function columnsOf(file: string, header: readonly string[]) {
  const names = header.map((cell) => cell.toLowerCase());
  if (['positive', 'negative'].every((name) => names.includes(name))) {
    throw new DatasetError(
      `'${file}' is a CSV of triplets, which have no classes: train and evaluate take it; here give images with classes, or a folder`,
    );
  }
  return {
    image: columnOf(file, header, imageColumns, ': name it in the first line'),
    label: columnOf(
      file,
      header,
      labelColumns,
      ': name it in the first line; leave its cells empty for images of no class',
    ),
  };
}

/** @param lines where each image was listed before; this one is added. */
function labelledImage(
  file: string,
  row: CsvRow,
  { image, label }: { readonly image: number; readonly label: number },
  lines: Map<string, number>,
): LabelledImage {
  const id = cellOf(file, row, image);
  if (id === '') throw new DatasetError(`line ${row.line} of '${file}' has no path in column ${image + 1}`);
  const before = lines.get(id);
  if (before !== undefined) {
    throw new DatasetError(
      `line ${row.line} of '${file}' lists '${excerpt(id)}' again, after line ${before}: keep one of the two`,
    );
  }
  lines.set(id, row.line);
  const className = cellOf(file, row, label);
  return {
    id,
    source: { kind: 'file', path: path.resolve(path.dirname(file), id) },
    className: className === '' ? undefined : className,
  };
}
