import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { columnOf, csvRows } from '../../foundation/files/csv-rows.ts';
import { metadataKinds } from './metadata.ts';
import { imageColumns, type SidecarTable, type SidecarTableRow } from './sidecar-table.ts';

/** A CSV of metadata as it is written; see `csvRows`. @throws if it is none, or a column is there twice. */
export async function csvTable(file: string): Promise<SidecarTable> {
  let names: readonly string[] | undefined;
  let image = -1;
  const stated = new Map<string, string>();
  const rows: SidecarTableRow[] = [];
  for await (const { cells, line } of csvRows(file)) {
    if (names === undefined) {
      image = imageColumn(file, cells);
      names = fieldNames(file, cells, image, stated);
      continue;
    }
    const values = new Map<string, unknown>();
    for (const [place, name] of names.entries()) {
      if (place !== image && cells[place] !== '') values.set(name, cells[place]);
    }
    rows.push({ id: cells[image], line, values });
  }
  if (names === undefined) throw new DatasetError(`'${file}' is empty: its first line has to name the columns`);
  return { stated, typed: false, rows };
}

function imageColumn(file: string, header: readonly string[]): number {
  const first = imageColumns.find((name) => header.some((cell) => cell.toLowerCase() === name));
  return columnOf(file, header, first === undefined ? imageColumns : [first], ': it says which image a line is about');
}

/** The names of the fields; what stands behind a colon is a kind, if it is one. */
function fieldNames(
  file: string,
  header: readonly string[],
  image: number,
  stated: Map<string, string>,
): readonly string[] {
  const kinds: readonly string[] = metadataKinds;
  const names = header.map((cell, place) => {
    const [, name = cell, kind = ''] = /^(.*):\s*([a-z]+)$/.exec(cell) ?? [];
    if (place === image || !kinds.includes(kind)) return cell;
    stated.set(name.trim(), kind);
    return name.trim();
  });
  for (const [place, name] of names.entries()) {
    if (place === image) continue;
    if (name === '') throw new DatasetError(`column ${place + 1} of '${file}' has no name: name it in the first line`);
    const other = names.findIndex((one, at) => at !== image && one === name);
    if (other === place) continue;
    throw new DatasetError(`columns ${other + 1} and ${place + 1} of '${file}' are both called '${name}': rename one`);
  }
  return names;
}
