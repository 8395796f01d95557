import type { LongWork } from '../../../foundation/progress/progress.ts';
import type { ImageDataset, ImageRecord } from '../../../pictures/datasets/dataset.ts';
import type { PassedOver } from '../../../pictures/datasets/passed-over.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { VectorStore, WriteOptions } from '../../stores/vector-store.ts';
import type { GoneFolder } from './gone-folders.ts';
import type { SidecarReport } from './image-metadata.ts';
import type { GivenVectors } from './plan-mirror.ts';

/**
 * What a store is made to mirror, with which model, and who hears of it: `onProgress` counts the images that have to be
 * embedded, and `signal` stops waiting, too; what was embedded by then is stored.
 */
export interface IndexOptions extends LongWork {
  /** Lists the images, once no other task writes the store: what was listed before may be older than what is in it. */
  readonly dataset: () => Promise<ImageDataset>;
  readonly embedder: Embedder;
  readonly store: VectorStore;
  /** The part of a divided dataset that `dataset` is. */
  readonly part?: string | undefined;
  /** The images that the store mirrors have moved to where `dataset` is. Default: false. */
  readonly moved?: boolean;
  /** Read every file again, also those whose length and time of modification are as they were. Default: false. */
  readonly recheck?: boolean;
  /** A CSV or JSON lines with what else is known of the images; see `readSidecar`. Default: what was known stays. */
  readonly metadata?: string | undefined;
  /** Vectors of the store's model that are known from elsewhere: such images are not embedded. Default: none. */
  readonly vectors?: GivenVectors | undefined;
  /** True of a new or changed image that is left as it is, for now: somebody may be writing its file. Default: none is. */
  readonly leave?: ((image: ImageRecord) => Promise<boolean>) | undefined;
  /**
   * Keep a small picture of every image, for pages where the file is no longer there. A store that has some keeps them of what comes
   * later, too. Default: false.
   */
  readonly thumbnails?: boolean;
  /** Say what there is to do, and do nothing. Default: false. */
  readonly dryRun?: boolean;
  /** Called with who writes the store at present, once for each that is waited for. */
  readonly onWait?: WriteOptions['onWait'];
}

/** What indexing did, in images. */
export interface IndexReport {
  readonly added: number;
  readonly updated: number;
  /** Images whose files have another name by now: known by their bytes, not embedded again, neither added nor removed. */
  readonly moved: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Of the unchanged ones, those of which something else than the picture has changed: metadata, the time of the file. */
  readonly described: number;
  /** Images whose vectors were taken from those that were given; undefined where none were given. */
  readonly given?: number;
  /** Images that were in the store more than once, as another program may have left it, and are now once. */
  readonly mended: number;
  /** Folders that are not there any more, or have no images any more, with how many of the removed images were in each. */
  readonly goneFolders: readonly GoneFolder[];
  /** Images that could not be decoded, which are not in the store, or not be read, whose old vectors stay. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
  /** What was met in the folder and not looked into. */
  readonly passedOver: readonly PassedOver[];
  /** Images in the store that are at or below something that could not be looked into: they stay. */
  readonly outOfSight: number;
  /** Thumbnails that were made; undefined where none are kept. */
  readonly thumbnails?: number;
  /** Of a dataset that comes divided: the part that was indexed, and the others that are there. */
  readonly division?: ImageDataset['division'];
  /** How the sidecar went with the images; undefined where there was none. */
  readonly metadata?: SidecarReport;
}
