import path from 'node:path';
import { FileError } from '../../foundation/errors/file-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { readArrowFile, writeArrowFile } from './arrow-file.ts';
import { readJsonLines, writeJsonLines } from './json-lines-file.ts';
import { writeNpyFile } from './npy-file.ts';
import type { VectorTable } from './vector-table.ts';

/** The formats of vector files, by their endings. */
const formats = {
  '.arrow': { write: writeArrowFile, read: readArrowFile },
  '.jsonl': { write: writeJsonLines, read: readJsonLines },
  '.npy': { write: writeNpyFile, read: undefined },
} as const;

/** The endings that vector files may have. */
export const vectorFileEndings: readonly string[] = Object.keys(formats);

function formatOf(file: string) {
  const ending = path.extname(file).toLowerCase();
  const format = formats[ending as keyof typeof formats];
  if (format !== undefined) return format;
  throw new UsageError(
    `'${file}' is no file of vectors: it ends in ${ending || 'nothing'}, expected ${vectorFileEndings.join(', ')}`,
    {
      path: 'file',
      expected: `a file that ends in ${vectorFileEndings.join(', ')}`,
      value: file,
    },
  );
}

/** @throws UsageError if vectors cannot be written to a file of such a name. */
export function checkVectorFile(file: string): void {
  formatOf(file);
}

/**
 * Writes images with their vectors, whole or not at all, in the format of the file's ending:
 * - `.arrow`: an Arrow file with the columns that a LanceDB store has (pyarrow, pandas, Polars, DuckDB read it);
 * - `.jsonl`: JSON lines, the first one about the model, then one for each image;
 * - `.npy`: NumPy's float32 array of n rows, and beside it `….ids.json` with the n names.
 *
 * @throws UsageError if the file has another ending.
 */
export async function writeVectorFile(file: string, table: VectorTable): Promise<void> {
  await formatOf(file).write(file, table);
}

/** Reads what `writeVectorFile` wrote as `.arrow` or `.jsonl`. @throws FileError if it is something else, or damaged. */
export async function readVectorFile(file: string): Promise<VectorTable> {
  const { read } = formatOf(file);
  if (read !== undefined) return read(file);
  throw new FileError(
    `'${file}' does not say which model made it nor of which images: give the .arrow or .jsonl of the same vectors`,
  );
}
