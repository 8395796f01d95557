import { Buffer } from 'node:buffer';
import {
  arrayOf,
  callback,
  flag,
  numberFrom,
  type OptionRules,
  optional,
  text,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { longWorkRules } from '../../foundation/progress/progress.ts';
import type { ImageFilter, StoredImage, WriteOptions } from '../stores/vector-store.ts';
import type { AddOptions } from './indexing/add-images.ts';
import type { IndexOptions } from './indexing/index-report.ts';
import type { SearchQuery } from './query-vector.ts';
import type { SearchOptions } from './search-images.ts';
import type { WatchTimes } from './watch/watch-images.ts';

/** How a catalogue is made to mirror images; see `IndexOptions`. */
export type CatalogueIndexOptions = Pick<
  IndexOptions,
  'moved' | 'recheck' | 'metadata' | 'vectors' | 'thumbnails' | 'dryRun' | 'onProgress' | 'onWait' | 'signal'
>;

/** What options of indexing have to be. */
export const indexRules: OptionRules<CatalogueIndexOptions> = {
  moved: optional(flag()),
  recheck: optional(flag()),
  metadata: optional(text('the path of a CSV or of JSON lines')),
  vectors: optional(
    valueLike(
      'vectors by the hashes of their images, { hashes, lengths, vectors }',
      (value) => typeof value === 'object' && value !== null && 'hashes' in value && 'vectors' in value,
    ),
  ),
  thumbnails: optional(flag()),
  dryRun: optional(flag()),
  ...longWorkRules,
  onWait: optional(callback()),
};

/** How a catalogue is kept the mirror of images while they change. */
export type CatalogueWatchOptions = WatchTimes &
  Pick<IndexOptions, 'moved' | 'metadata' | 'onProgress' | 'onWait' | 'signal'>;

/** What options of watching have to be. */
export const watchRules: OptionRules<CatalogueWatchOptions> = {
  settle: optional(numberFrom(0)),
  every: optional(numberFrom(1)),
  poll: optional(flag()),
  moved: optional(flag()),
  metadata: optional(text('the path of a CSV or of JSON lines')),
  ...longWorkRules,
  onWait: optional(callback()),
};

/** How images are added to a catalogue. */
export type CatalogueAddOptions = Pick<AddOptions, 'metadata' | 'recheck' | 'onProgress' | 'onWait' | 'signal'> & {
  /** Stands before the names that the images have in the store: `shop 2/`. Default: nothing. */
  readonly prefix?: string | undefined;
};

/** What options of adding have to be. */
export const addRules: OptionRules<CatalogueAddOptions> = {
  prefix: optional(valueLike('a text', (value) => typeof value === 'string')),
  metadata: optional(text('the path of a CSV or of JSON lines')),
  recheck: optional(flag()),
  ...longWorkRules,
  onWait: optional(callback()),
};

/** An image of a catalogue. */
export interface CatalogueImage extends StoredImage {
  /** Where it is on disk, if it is a file. It may have been removed since it was indexed. */
  readonly path: string | undefined;
}

/** Which images a search of a catalogue finds; see `SearchOptions`. */
export type CatalogueSearchOptions = Pick<
  SearchOptions,
  'like' | 'unlike' | 'offset' | 'maxDistance' | 'minAlike' | 'exact' | 'recall'
> & {
  /** How many images to find. Default: 10. */
  readonly k?: number | undefined;
  /** Only images that this lets through: `class = 'shoes' and price < 50`, or an object. Default: all. */
  readonly filter?: string | ImageFilter | undefined;
};

const queryList = valueLike<readonly SearchQuery[]>('an array of pictures, ids or vectors', (value) =>
  Array.isArray(value),
);

const share = valueLike<number>(
  'a share from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
);

/** What options of a search have to be. */
export const searchRules: OptionRules<CatalogueSearchOptions> = {
  k: optional(wholeNumber(1)),
  filter: optional(valueLike('a filter', (value) => typeof value === 'string' || typeof value === 'object')),
  like: optional(queryList),
  unlike: optional(queryList),
  offset: optional(wholeNumber(0)),
  maxDistance: optional(numberFrom(0)),
  minAlike: optional(share),
  exact: optional(flag()),
  recall: optional(share),
};

/** What options of a write have to be. */
export const writeRules: OptionRules<WriteOptions> = {
  onWait: optional(callback()),
  signal: longWorkRules.signal,
};

/** What a list of ids has to be. */
export const idList = arrayOf(
  'an array of ids',
  valueLike<string>('an id', (value) => typeof value === 'string'),
);

/** What an image may be called: any text that can be written down, which half of a pair of UTF-16 cannot. */
export const imageId = valueLike<string>(
  'what the image is called',
  (value) => typeof value === 'string' && value !== '' && Buffer.from(value).toString() === value,
);
