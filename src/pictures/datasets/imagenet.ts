import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { datasetFromClassNames, type ImageDataset } from './dataset.ts';
import type { DatasetPart } from './dataset-part.ts';
import { hasImageExtension } from './image-extensions.ts';
import { listImages } from './list-images.ts';
import { passedOverNote } from './passed-over.ts';

/**
 * True for a folder in ImageNet's layout: a folder `train` of class folders, and nothing else to hold images but `val`
 * and `test`.
 */
export async function isImageNet(root: string): Promise<boolean> {
  const entries = await visibleEntries(root);
  if (!entries.includes('train') || entries.some(hasImageExtension)) return false;
  for (const name of entries) {
    if (!['train', 'val', 'test'].includes(name) && (await isFolder(path.join(root, name)))) return false;
  }
  const inTrain = await visibleEntries(path.join(root, 'train'));
  if (inTrain.length === 0 || inTrain.some(hasImageExtension)) return false;
  return isFolder(path.join(root, 'train', inTrain[0]));
}

/**
 * ImageNet: `train/<class>/*.JPEG`, and `val/<class>/*.JPEG` for the part `test` (its real test part has no labels); a
 * folder without `val` is judged on `test/<class>/*`. Tiny ImageNet is the same with `train/<class>/images/*.JPEG`, and `val/images` with `val/val_annotations.txt`. The
 * layout is `tiny-imagenet` where a class folder has a folder `images`, or that file is there.
 *
 * Source: the archives of ILSVRC 2012 and of Stanford's CS231n.
 *
 * @throws if the part has no images, or if `val` has neither class folders nor annotations.
 */
export async function loadImageNet(root: string, part: DatasetPart): Promise<ImageDataset> {
  const judged = (await isFolder(path.join(root, 'val'))) ? 'val' : 'test';
  const folder = part === 'train' ? 'train' : judged;
  const annotations = path.join(root, 'val', 'val_annotations.txt');
  const { ids, passedOver } = (await isFolder(path.join(root, folder)))
    ? await listImages(path.join(root, folder))
    : { ids: [], passedOver: [] };
  if (ids.length === 0) {
    throw new DatasetError(
      `there are no images in '${path.join(root, folder)}': give the other part${passedOverNote(passedOver)}`,
    );
  }
  const annotated = await isFile(annotations);
  const tiny = annotated || ids.some((id) => id.split('/')[1] === 'images');
  const classOf = part === 'test' && annotated ? await annotatedClasses(annotations) : classOfFolder;
  const images = ids.map((id) => {
    const className = classOf(id);
    if (className === undefined) {
      throw new DatasetError(
        `'${path.join(root, folder, id)}' has no class: it is in no class folder, and '${annotations}' does not ` +
          'name it; sort the images into class folders',
      );
    }
    return { id: `${folder}/${id}`, source: { kind: 'file', path: path.join(root, folder, id) } as const, className };
  });
  const others: readonly DatasetPart[] =
    part === 'test' ? ['train'] : (await isFolder(path.join(root, judged))) ? ['test'] : [];
  return {
    ...datasetFromClassNames(root, tiny ? 'tiny-imagenet' : 'imagenet', images),
    passedOver: passedOver.map((one) => ({ ...one, id: `${folder}/${one.id}` })),
    division: { part, others },
  };
}

function classOfFolder(id: string): string | undefined {
  const folders = id.split('/').slice(0, -1);
  return folders[0];
}

/** Reads `val_0.JPEG<tab>n03444034<tab>…` lines: file name, class, and a box that is not read. */
async function annotatedClasses(file: string): Promise<(id: string) => string | undefined> {
  const classes = new Map<string, string>();
  const text = (
    await readOrdinaryFile(file).catch((error: unknown) => {
      throw fileError('read', file, error);
    })
  ).toString('utf8');
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line === '') continue;
    const [name, className] = line.split('\t');
    if (!name || !className) {
      throw new DatasetError(`line ${index + 1} of '${file}' is not 'file<tab>class<tab>…' but '${line.slice(0, 80)}'`);
    }
    classes.set(name, className);
  }
  return (id) => classes.get(path.posix.basename(id));
}

async function visibleEntries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch {
    return [];
  }
}

async function isFolder(target: string): Promise<boolean> {
  return (await stat(target).catch(() => undefined))?.isDirectory() ?? false;
}

async function isFile(target: string): Promise<boolean> {
  return (await stat(target).catch(() => undefined))?.isFile() ?? false;
}
