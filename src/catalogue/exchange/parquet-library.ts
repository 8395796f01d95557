import type * as reader from 'hyparquet';
import type * as writer from 'hyparquet-writer';

/** What reads Parquet, with every compression that other programs use. */
export interface ParquetReader {
  readonly parquet: typeof reader;
  readonly compressors: reader.Compressors;
}

/** Loads what reads Parquet. */
export async function loadParquetReader(): Promise<ParquetReader> {
  const [parquet, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  return { parquet, compressors };
}

/** Loads what writes Parquet. */
export async function loadParquetWriter(): Promise<typeof writer> {
  return import('hyparquet-writer');
}
