import path from 'node:path';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { readArrowFile, writeArrowFile } from './arrow-file.ts';
import { readJsonLines, writeJsonLines } from './json-lines-file.ts';
import { readNpyFile, writeNpyFile } from './npy-file.ts';
import { readParquetFile, writeParquetFile } from './parquet-file.ts';
import type { NamedVectors, VectorRows, VectorTable } from './vector-table.ts';

/** The formats of vector files, by their endings. */
const formats = {
  '.parquet': { write: writeParquetFile, read: readParquetFile },
  '.arrow': { write: writeArrowFile, read: readArrowFile },
  '.jsonl': { write: writeJsonLines, read: readJsonLines },
  '.npy': { write: writeNpyFile, read: readNpyFile },
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
 * Writes images with their vectors as they come, whole or not at all, in the format of the file's ending:
 * - `.parquet`: a Parquet file with the columns that a LanceDB store has (pandas, Polars, DuckDB, Spark and most databases read it);
 * - `.arrow`: an Arrow file with those columns;
 * - `.jsonl`: JSON lines, the first one about the model, then one for each image;
 * - `.npy`: NumPy's float32 array of n rows, and beside it `….ids.json` with the n names.
 *
 * @throws UsageError if the file has another ending.
 */
export async function writeVectorFile(file: string, table: VectorRows): Promise<void> {
  await formatOf(file).write(file, table);
}

/**
 * Opens what `writeVectorFile` wrote, or another program. Only Parquet, Arrow and JSON lines of ours say which model made the vectors.
 * Rows are read when they are asked for.
 *
 * @throws FileError if it is something else, or damaged; what is damaged in the rows shows as they are read.
 */
export async function readVectorFile(file: string): Promise<VectorTable | NamedVectors> {
  return formatOf(file).read(file);
}
