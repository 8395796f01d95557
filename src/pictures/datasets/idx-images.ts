import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import type { ImageDataset, ImageRecord } from './dataset.ts';
import type { DatasetPart } from './dataset-part.ts';
import { decodeIdx } from './idx-file.ts';

const imagesName = /^(.+)-images([-.])idx3-ubyte(\.gz)?$/;

const prefixes: Readonly<Record<DatasetPart, readonly string[]>> = { train: ['train'], test: ['t10k', 'test'] };

/** True for the name of an IDX file of images, as MNIST names them. */
export function isIdxImagesName(fileName: string): boolean {
  return imagesName.test(fileName);
}

/**
 * The IDX images of one part in a folder: `train-images-idx3-ubyte` for `train`, `t10k-…` or `test-…` for `test`, each
 * plain or with `.gz`.
 *
 * @throws if the folder has no such file, with the names that it has.
 */
export async function findIdxImages(folder: string, part: DatasetPart): Promise<string> {
  const names = (await readdir(folder)).sort().filter(isIdxImagesName);
  const found = nameOfPart(names, part);
  if (found !== undefined) return path.join(folder, found);
  throw new DatasetError(
    `'${folder}' has no IDX images of its part '${part}', only ${names.join(', ')}: give the other part`,
  );
}

/** The parts of IDX images that a folder has. */
export async function idxParts(folder: string): Promise<DatasetPart[]> {
  const names = (await readdir(folder)).sort().filter(isIdxImagesName);
  return (['train', 'test'] as const).filter((part) => nameOfPart(names, part) !== undefined);
}

function nameOfPart(names: readonly string[], part: DatasetPart): string | undefined {
  const found = prefixes[part].map((prefix) => names.find((name) => imagesName.exec(name)?.[1] === prefix));
  return found.find((name) => name !== undefined);
}

/**
 * A pair of IDX files in the layout of MNIST and Fashion-MNIST: `<name>-images-idx3-ubyte` and, beside it,
 * `<name>-labels-idx1-ubyte`, each plain or with `.gz`. Images are grey; classes are the labels that occur, as decimal
 * numbers in ascending order. The whole file is held in memory and every image is a view of it.
 *
 * @throws if there is no label file, if either file is broken, or if they differ in number.
 */
export async function loadIdxImages(file: string): Promise<ImageDataset> {
  const match = imagesName.exec(path.basename(file));
  if (match === null)
    throw new DatasetError(`'${file}' is not named like IDX images: <name>-images-idx3-ubyte or with .gz`);
  const [, prefix, separator] = match;
  const labelsFile = await findLabels(path.dirname(file), `${prefix}-labels${separator}idx1-ubyte`, file);
  const images = decodeIdx(await readBytes(file), file, 3);
  const labels = decodeIdx(await readBytes(labelsFile), labelsFile, 1);
  const [count, height, width] = images.shape;
  if (labels.shape[0] !== count) {
    throw new DatasetError(`'${file}' has ${count} images, but '${labelsFile}' has ${labels.shape[0]} labels`);
  }
  if (count === 0) throw new DatasetError(`'${file}' has no images: give a file with some`);
  const values = [...new Set(labels.data)].sort((a, b) => a - b);
  const classOfValue = new Map(values.map((value, label) => [value, label]));
  const size = height * width;
  const records = Array.from(
    { length: count },
    (_, index): ImageRecord => ({
      id: `${prefix}-images#${index}`,
      source: {
        kind: 'pixels',
        width,
        height,
        channels: 1,
        data: images.data.subarray(index * size, (index + 1) * size),
      },
      label: classOfValue.get(labels.data[index]),
    }),
  );
  return { root: file, layout: 'idx', images: records, classes: values.map(String) };
}

async function findLabels(folder: string, name: string, images: string): Promise<string> {
  const names = await readdir(folder);
  const found = [name, `${name}.gz`].find((candidate) => names.includes(candidate));
  if (found === undefined) {
    throw new DatasetError(`the images '${images}' have no labels: put ${name} or ${name}.gz beside them`);
  }
  return path.join(folder, found);
}

async function readBytes(file: string): Promise<Uint8Array> {
  const bytes = await readOrdinaryFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  if (!file.endsWith('.gz')) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new DatasetError(`'${file}' cannot be decompressed: ${(error as Error).message}; fetch the file again`, {
      cause: error,
    });
  }
}
