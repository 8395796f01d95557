import { counted } from '../../../foundation/text/counted.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { splitPart } from '../../../pictures/datasets/dataset-part.ts';
import type { Terminal } from '../output/terminal.ts';

/** How many are named in the text. */
const named = 3;

/**
 * Warns of what a dataset may lack because it could not be looked into. What systems make beside pictures is not missed, and
 * said by `inspect` alone.
 */
export function warnOfPassedOver(
  terminal: Terminal,
  { root, passedOver = [] }: Pick<ImageDataset, 'root' | 'passedOver'>,
): void {
  const unread = passedOver.filter(({ kind }) => kind === 'unread');
  if (unread.length === 0) return;
  const first = unread.slice(0, named).map(({ id, reason }) => `'${id}' (${reason})`);
  const more = unread.length > named ? `, and more ('lookalike inspect' lists all)` : '';
  const things = counted(unread.length, 'folder or file', 'folders and files');
  terminal.warn(`${things} in '${root}' could not be looked into: ${first.join(', ')}${more}`);
}

/** Notes which part of a divided dataset is meant, and how the others are named. */
export function noteDivision(terminal: Terminal, location: string, division: ImageDataset['division']): void {
  if (division === undefined) return;
  const { path: whole } = splitPart(location);
  const others = division.others.map((other) => `; '${whole}#${other}' is its part '${other}'`);
  terminal.note(`images: the part '${division.part}' of '${whole}'${others.join('')}`);
}

/** Loads a dataset, notes which part of it that is, and warns of what it may lack; see `loadDataset`. */
export async function loadImages(terminal: Terminal, location: string): Promise<ImageDataset> {
  const { loadDataset } = await import('../../../pictures/datasets/load-dataset.ts');
  const dataset = await loadDataset(location);
  noteDivision(terminal, location, dataset.division);
  warnOfPassedOver(terminal, dataset);
  return dataset;
}
