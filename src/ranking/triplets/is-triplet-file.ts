import { csvRows } from '../../foundation/files/csv-rows.ts';
import { tripletColumnNames, tripletColumns } from './triplet-paths.ts';

/** True for a CSV whose first line has the columns of a triplet file; false for anything else, also what cannot be read. */
export async function isTripletFile(file: string): Promise<boolean> {
  if (!/\.csv$/i.test(file)) return false;
  try {
    for await (const { cells } of csvRows(file)) {
      const columns = cells.map((cell) => cell.toLowerCase());
      return tripletColumns.every((column) => tripletColumnNames[column].some((name) => columns.includes(name)));
    }
  } catch {
    // Whoever reads it says why it cannot be read.
  }
  return false;
}
