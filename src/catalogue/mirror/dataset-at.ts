import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { hasImageExtension } from '../../pictures/datasets/image-extensions.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';

/** The images at a path: any layout that `loadDataset` knows, or a single image file, called as it is. */
export async function datasetAt(place: string): Promise<ImageDataset> {
  const found = await stat(place).catch(() => undefined);
  if (found?.isFile() !== true || !hasImageExtension(place)) return loadDataset(place);
  const root = path.resolve(place);
  const image = { id: path.basename(root), source: { kind: 'file', path: root }, label: undefined } as const;
  return { root: path.dirname(root), layout: 'flat-folder', images: [image], classes: [] };
}
