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
import { systemFolderContent } from './system-folders.ts';

/** What folders of the parts are called, in any case; of several that are there the first one here is meant. */
const partNames: Readonly<Record<DatasetPart, readonly string[]>> = {
  train: ['train', 'training'],
  test: ['val', 'valid', 'validation', 'test', 'testing'],
};

/** Folders of the parts of a dataset in ImageNet's layout, as they are called. */
export interface ImageNetFolders {
  readonly train: string;
  /** Undefined if there is nothing to judge on. */
  readonly test: string | undefined;
}

/**
 * The folders of a dataset in ImageNet's layout: `train` (or `training`) with class folders, and nothing else to hold images
 * but what is judged on: `val`, `valid`, `validation`, `test` or `testing`, in any case. Undefined for any other folder: a class
 * may be called so, too. Files that are no images do not count, nor do folders of a system's own; images beside the class
 * folders of `train` do not, either, where something to judge on says what it is.
 */
export async function imageNetFolders(root: string): Promise<ImageNetFolders | undefined> {
  const entries = await visibleEntries(root);
  const [train, ...moreTrain] = namedAs(entries, partNames.train);
  if (train === undefined || moreTrain.length > 0 || entries.some(hasImageExtension)) return undefined;
  const [test] = await foldersOf(root, namedAs(entries, partNames.test));
  const inTrain = await visibleEntries(path.join(root, train));
  if (test === undefined && inTrain.some(hasImageExtension)) return undefined;
  if ((await foldersOf(path.join(root, train), inTrain)).length === 0) return undefined;
  const known = [...partNames.train, ...partNames.test];
  const others = await foldersOf(
    root,
    entries.filter((name) => !known.includes(name.toLowerCase())),
  );
  for (const name of others) if (await holdsImages(path.join(root, name))) return undefined;
  return { train, test };
}

/** The entries of these names, in the order of the names. */
function namedAs(entries: readonly string[], names: readonly string[]): string[] {
  return names.flatMap((name) => entries.filter((entry) => entry.toLowerCase() === name));
}

/** Those of a folder's entries that are folders, and no system's own. */
async function foldersOf(root: string, entries: readonly string[]): Promise<string[]> {
  const own = entries.filter((name) => systemFolderContent(name) === undefined);
  const are = await Promise.all(own.map((name) => isFolder(path.join(root, name))));
  return own.filter((_, place) => are[place]);
}

/** True for a folder with images, or in which there may be some that nobody can see. */
async function holdsImages(folder: string): Promise<boolean> {
  const { ids, passedOver } = await listImages(folder);
  return ids.length > 0 || passedOver.some(({ kind }) => kind === 'unread');
}

/**
 * ImageNet: `train/<class>/*.JPEG`, and `val/<class>/*.JPEG` for the part `test` (its real test part has no labels); a
 * folder without `val` is judged on `test/<class>/*`. Tiny ImageNet is the same with `train/<class>/images/*.JPEG`, and `val/images` with `val/val_annotations.txt`. The
 * layout is `tiny-imagenet` where a class folder has a folder `images`, or that file is there. Images of `train` that are in no
 * class folder have no class.
 *
 * Source: the archives of ILSVRC 2012 and of Stanford's CS231n.
 *
 * @throws if the part has no images, or if one to judge on is neither in a class folder nor annotated.
 */
export async function loadImageNet(
  root: string,
  { train, test: judged }: ImageNetFolders,
  part: DatasetPart,
): Promise<ImageDataset> {
  const folder = part === 'train' ? train : judged;
  if (folder === undefined) {
    throw new DatasetError(
      `'${root}' has no part 'test': there is no folder ${partNames.test.join(', ')} beside '${train}'; leave the part out`,
    );
  }
  const annotations = path.join(root, judged ?? folder, 'val_annotations.txt');
  const { ids, passedOver } = await listImages(path.join(root, folder));
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
    if (className === undefined && part === 'test') {
      throw new DatasetError(
        `'${path.join(root, folder, id)}' has no class: it is in no class folder, and '${annotations}' does not ` +
          'name it; sort the images into class folders',
      );
    }
    return { id: `${folder}/${id}`, source: { kind: 'file', path: path.join(root, folder, id) } as const, className };
  });
  const others: readonly DatasetPart[] = part === 'test' ? ['train'] : judged === undefined ? [] : ['test'];
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
