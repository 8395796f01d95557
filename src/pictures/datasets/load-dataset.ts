import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { oneOf, optional, text } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { fileError, isMissing } from '../../foundation/files/file-error.ts';
import { loadClassFolders } from './class-folders.ts';
import type { ImageDataset } from './dataset.ts';
import { type DatasetPart, splitPart } from './dataset-part.ts';
import { findIdxImages, idxParts, isIdxImagesName, loadIdxImages } from './idx-images.ts';
import { imageNetFolders, loadImageNet } from './imagenet.ts';
import { loadLabelledCsv } from './labelled-csv.ts';

/** What `loadDataset` may be told besides the path. */
export interface LoadDatasetOptions {
  /** Which part of a dataset that comes divided (IDX folder, ImageNet, Tiny ImageNet). Default: `train`. */
  readonly part?: DatasetPart;
}

/**
 * The images and classes at a path, by whatever layout is found there:
 * - a folder with IDX files (MNIST, Fashion-MNIST), or one such file of images;
 * - a folder with `train/<class>` and perhaps `val` (`valid`, `validation`, `test`): ImageNet and Tiny ImageNet;
 * - any other folder: one class for each folder of images, at any depth; images right in the folder have no class;
 * - a `.csv` file with the columns image (path, file) and label (class).
 *
 * A path may end in `#train` or `#test` instead of giving `part`. Nothing is decoded. Images are in code-unit order of
 * their ids (IDX: in the file's order), classes in code-unit order of their names.
 *
 * @throws if the path does not exist, if what is there is none of these, if there are no images in it, or if a part is
 * asked for where there is none; with the path and what to do.
 */
export async function loadDataset(location: string, options: LoadDatasetOptions = {}): Promise<ImageDataset> {
  checkArgument(location, text('the path of images'), 'location');
  checkOptions(options, { part: optional(oneOf(['train', 'test'])) });
  const { target, part, isFolder } = await locate(location, options.part);
  if (isFolder) {
    if ((await namesIn(target)).some(isIdxImagesName)) return loadIdxFolder(target, part ?? 'train');
    const folders = await imageNetFolders(target);
    if (folders !== undefined) return loadImageNet(target, folders, part ?? 'train');
  }
  if (part !== undefined) {
    throw new DatasetError(`'${target}' has no parts, so it has no part '${part}': leave the part out`);
  }
  if (isFolder) return loadClassFolders(target);
  if (isIdxImagesName(path.basename(target))) return loadIdxImages(target);
  if (/\.csv$/i.test(target)) return loadLabelledCsv(target);
  if (/\.(zip|tar|tgz|tar\.\w+|7z|rar)$/i.test(target))
    throw new DatasetError(`'${target}' is an archive: unpack it, and give the folder that the images are in`);
  throw new DatasetError(
    `'${target}' is not a folder, and as a file it is neither a .csv with the columns image and label nor IDX images ` +
      '(<name>-images-idx3-ubyte, plain or .gz): give the folder that the images are in',
  );
}

async function loadIdxFolder(folder: string, part: DatasetPart): Promise<ImageDataset> {
  const dataset = await loadIdxImages(await findIdxImages(folder, part));
  return { ...dataset, division: { part, others: (await idxParts(folder)).filter((other) => other !== part) } };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    throw fileError('list the folder', folder, error);
  });
}

async function locate(location: string, asked: DatasetPart | undefined) {
  const whole = await statOf(location);
  if (whole !== undefined) return { target: path.resolve(location), part: asked, isFolder: whole.isDirectory() };
  const { path: front, part } = splitPart(location);
  const found = part === undefined ? undefined : await statOf(front);
  if (found === undefined) {
    const rename = front.includes('\uFFFD') ? '; if its name is not UTF-8, rename it' : '';
    throw new DatasetError(
      `there is nothing at '${path.resolve(front)}': check the path (it is taken from '${process.cwd()}')${rename}`,
    );
  }
  if (asked !== undefined && asked !== part) {
    throw new DatasetError(
      `'${location}' asks for the part '${part}', and the option for '${asked}': leave one of them out`,
    );
  }
  return { target: path.resolve(front), part, isFolder: found.isDirectory() };
}

async function statOf(target: string) {
  try {
    return await stat(target);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new DatasetError(`cannot look at '${target}': ${(error as Error).message}`, { cause: error });
  }
}
