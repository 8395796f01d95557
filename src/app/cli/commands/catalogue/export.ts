import { z } from 'zod';
import { counted } from '../../../../foundation/text/counted.ts';
import { defineCommand } from '../../command.ts';
import { openStore } from '../../input/open-store.ts';
import { filterInput, filterOptions, givenFilter } from '../../options/filter-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';

/** `lookalike export` */
export const exportCommand = defineCommand({
  name: 'export',
  group: 'Use a model',
  summary: 'write the vectors of a store, and what is known of its images, into a file for other programs',
  details:
    'The ending says how: .parquet is a Parquet file (pandas, Polars, DuckDB, Spark), .arrow an Arrow file, .jsonl JSON lines, .npy a NumPy array of float32 with the ' +
    'names of its rows beside it (….ids.json). Rows stand in the order of their names. Of a store for Hamming distances vectors are signs.',
  arguments: [],
  options: [
    storeOption,
    { flags: '-o, --output <file>', description: 'the file: .parquet, .arrow, .jsonl or .npy' },
    ...filterOptions,
  ],
  examples: ['lookalike export -o vectors.parquet', 'lookalike export -s shop.lance -o shoes.npy --within shoes/'],
  input: z.object({ store: storeInput, output: z.string().min(1, 'must not be empty'), ...filterInput }),
  stopsItself: true,
  async run({ store: uri, output, within, where }, terminal) {
    const filter = givenFilter({ within, where });
    const { checkVectorFile, writeVectorFile } = await import('../../../../catalogue/exchange/vector-file.ts');
    checkVectorFile(output);
    const { rowsOfStore } = await import('../../../../catalogue/exchange/rows-of-store.ts');
    const { SpilledVectors } = await import('../../../../catalogue/exchange/spilled-vectors.ts');
    await using store = await openStore(uri);
    const { dimension } = store.stamp;
    await using spilled = await SpilledVectors.beside(output, dimension);
    const rows = await rowsOfStore(store, { filter, spilled, signal: terminal.signal });
    await writeVectorFile(output, rows);
    terminal.say(`${output}: ${counted(rows.count, 'image')}, ${dimension} dimensions`);
    return { store: uri, output, images: rows.count, dimension };
  },
});
