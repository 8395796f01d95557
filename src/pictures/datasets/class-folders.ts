import path from 'node:path';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { datasetFromClassNames, type ImageDataset } from './dataset.ts';
import { commonExtensions } from './image-extensions.ts';
import { listImages } from './list-images.ts';
import { passedOverNote } from './passed-over.ts';

/**
 * A folder of class folders at any depth: an image's class is the path of its folder, relative to `root`, with `/`
 * between folders. Images in `root` itself have no class; if there are no others, the layout is a flat folder.
 *
 * @throws if there is no image file under `root`.
 */
export async function loadClassFolders(root: string): Promise<ImageDataset> {
  const { ids, passedOver } = await listImages(root);
  const images = ids.map((id) => ({
    id,
    source: { kind: 'file', path: path.join(root, id) } as const,
    className: id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : undefined,
  }));
  if (images.length === 0) {
    throw new DatasetError(
      `there are no images in '${root}': looked at every depth for files that end in ${commonExtensions} and the like; ` +
        `put some into it, or give the folder that they are in${passedOverNote(passedOver)}`,
    );
  }
  const flat = images.every((image) => image.className === undefined);
  return { ...datasetFromClassNames(root, flat ? 'flat-folder' : 'class-folders', images), passedOver };
}
