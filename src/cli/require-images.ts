import { splitPart } from '../datasets/dataset-part.ts';
import { exists } from '../files/exists.ts';

/** Checks that there is something where images are said to be, before a model is loaded. @throws as `loadDataset` does. */
export async function requireImages(images: string): Promise<void> {
  if (await exists(splitPart(images).path)) return;
  const { loadDataset } = await import('../datasets/load-dataset.ts');
  await loadDataset(images);
}
