import { exists } from '../../../foundation/files/exists.ts';
import { splitPart } from '../../../pictures/datasets/dataset-part.ts';

/** Checks that there is something where images are said to be, before a model is loaded. @throws as `loadDataset` does. */
export async function requireImages(images: string): Promise<void> {
  if (await exists(splitPart(images).path)) return;
  const { loadDataset } = await import('../../../pictures/datasets/load-dataset.ts');
  await loadDataset(images);
}
