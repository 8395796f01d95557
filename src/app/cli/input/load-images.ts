import { counted } from '../../../foundation/text/counted.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
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

/** Loads a dataset, and warns of what it may lack; see `loadDataset`. */
export async function loadImages(terminal: Terminal, location: string): Promise<ImageDataset> {
  const { loadDataset } = await import('../../../pictures/datasets/load-dataset.ts');
  const dataset = await loadDataset(location);
  warnOfPassedOver(terminal, dataset);
  return dataset;
}
