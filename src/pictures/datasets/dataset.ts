import type { DatasetPart } from './dataset-part.ts';
import type { PassedOver } from './passed-over.ts';

/** Where an image's pixels come from: a file to decode, or pixels that the dataset's own file carries. */
export type ImageSource =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** True for a path that somebody has typed: it may be that of a pipe (`<(command)`). Default: false. */
      readonly orPipe?: boolean | undefined;
    }
  | {
      readonly kind: 'pixels';
      readonly width: number;
      readonly height: number;
      /** 1 is grey, 3 is RGB, 4 is RGB with transparency (not premultiplied), interleaved. */
      readonly channels: 1 | 3 | 4;
      /** `height * width * channels` bytes, row by row. */
      readonly data: Uint8Array | Uint8ClampedArray;
    };

/** One image of a dataset. */
export interface ImageRecord {
  /**
   * The image's name within its dataset, unique and the same on every machine: the path relative to the root with `/`
   * between folders, the path as a CSV writes it, or `train-images#12` for the twelfth image (from 0) of an IDX file.
   */
  readonly id: string;
  readonly source: ImageSource;
  /** Index into the dataset's `classes`; undefined for an image of no known class. */
  readonly label: number | undefined;
}

/** How a dataset is laid out on disk, as `loadDataset` recognised it. */
export type DatasetLayout = 'class-folders' | 'flat-folder' | 'imagenet' | 'tiny-imagenet' | 'csv' | 'idx';

/** Images and their classes. No pixels have been decoded. */
export interface ImageDataset {
  /** The absolute path of the folder or file that it was loaded from. */
  readonly root: string;
  readonly layout: DatasetLayout;
  readonly images: readonly ImageRecord[];
  /** Names of the classes; an image's label is an index into it. */
  readonly classes: readonly string[];
  /** What was met in its folder and not looked into; undefined where no folder was looked through. */
  readonly passedOver?: readonly PassedOver[] | undefined;
  /** Of a dataset that comes divided: the part that this is, and the others that are there. */
  readonly division?: { readonly part: DatasetPart; readonly others: readonly DatasetPart[] } | undefined;
}

/**
 * Puts a dataset together from images whose class is still a name: classes are numbered in code-unit order of their
 * names, images are put in code-unit order of their ids, so that a folder gives the same dataset on every machine.
 */
export function datasetFromClassNames(
  root: string,
  layout: DatasetLayout,
  images: readonly { readonly id: string; readonly source: ImageSource; readonly className: string | undefined }[],
): ImageDataset {
  const names = new Set<string>();
  for (const { className } of images) if (className !== undefined) names.add(className);
  const classes = [...names].sort();
  const labels = new Map(classes.map((name, label) => [name, label]));
  const records = images.map(
    ({ id, source, className }): ImageRecord => ({
      id,
      source,
      label: className === undefined ? undefined : labels.get(className),
    }),
  );
  records.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { root, layout, images: records, classes };
}
