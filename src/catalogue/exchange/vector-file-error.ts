import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { fileError } from '../../foundation/files/file-error.ts';

/** What is wrong with a file, by what its reader throws; where a library itself stumbles, its own words say nothing of the file. */
export function damageOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [{ path, message }] = error.issues;
    return `a row has no right '${path.join('.')}': ${message}`;
  }
  const isStumble = error instanceof TypeError || error instanceof RangeError || !(error instanceof Error);
  return isStumble ? 'its parts do not go together; write it again' : excerpt(error.message.split('\n')[0], 200);
}

/** The error of a file of vectors that cannot be read: an error of ours stays, one of the system names the file. */
export function vectorFileError(file: string, format: 'Arrow' | 'Parquet', error: unknown): unknown {
  if (error instanceof LookalikeError) return error;
  if (error instanceof Error && 'syscall' in error) return fileError('read', file, error);
  return new FileError(`'${file}' is no ${format} file of vectors, or damaged: ${damageOf(error)}`, { cause: error });
}
