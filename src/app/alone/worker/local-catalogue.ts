import type { ModelMetadata } from '../../../catalogue/embedding/model-metadata.ts';
import { bindFilter } from '../../../catalogue/filters/bind-filter.ts';
import { matchesFilter } from '../../../catalogue/filters/matches-filter.ts';
import type { MetadataField } from '../../../catalogue/metadata/metadata.ts';
import { calibratedShare } from '../../../evaluation/calibration/calibrated-share.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { searchDistanceByName } from '../../../ranking/distances/search-distance-by-name.ts';
import type { ServiceComparison, ServiceFoundImages } from '../../../service/protocol/answers.ts';
import type { LoadedPictures, LocalSearch } from './protocol.ts';

/** A picture of the page. */
export interface LocalImage {
  readonly id: string;
  readonly file: Blob;
  readonly vector: Float32Array;
}

/** What is known of every picture beside it: the folder that it is in. */
const fields: readonly MetadataField[] = [{ name: 'class', kind: 'text' }];
/** Pictures to begin with. */
const mostExamples = 12;

/** The class of a picture, by the folder that it is in; empty without one. */
export const classOf = (id: string): string => id.split('/').slice(0, -1).join('/');

/** The pictures of a page, in memory, searched one by one: some thousand take milliseconds. */
export class LocalCatalogue {
  readonly #images = new Map<string, LocalImage>();
  readonly #unreadable = new Map<string, string>();

  /** Adds a picture, or puts it in the place of the one of that id. */
  put(image: LocalImage): void {
    this.#unreadable.delete(image.id);
    this.#images.set(image.id, image);
  }

  /** Notes a picture that cannot be read. */
  refuse(id: string, reason: string): void {
    this.#images.delete(id);
    this.#unreadable.set(id, reason);
  }

  /** All pictures, in the order in which they were given. */
  get images(): readonly LocalImage[] {
    return [...this.#images.values()];
  }

  /** @throws StoreError if there is none of that id. */
  vectorOf(id: string): Float32Array {
    const image = this.#images.get(id);
    if (image !== undefined) return image.vector;
    throw new StoreError(`there is no picture '${id}' in this page: give it to the page first`);
  }

  describe(): LoadedPictures {
    const counts = new Map<string, number>();
    for (const id of this.#images.keys()) {
      const name = classOf(id);
      if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const ids = [...this.#images.keys()];
    const shown = Math.min(mostExamples, ids.length);
    return {
      images: ids.length,
      classes: [...counts].map(([name, images]) => ({ name, images })),
      examples: Array.from({ length: shown }, (_, place) => ids[Math.floor((place * ids.length) / shown)]),
      unreadable: [...this.#unreadable].map(([id, reason]) => ({ id, reason })),
    };
  }

  /**
   * The pictures that are nearest to a vector, nearest first.
   *
   * @throws UsageError if the condition cannot be read.
   */
  search(
    vector: Float32Array,
    { k, offset, where }: Pick<LocalSearch, 'k' | 'offset' | 'where'>,
    { distance: by, calibration }: Pick<ModelMetadata, 'distance' | 'calibration'>,
  ): ServiceFoundImages {
    const filter = where === undefined ? undefined : bindFilter(where, fields);
    const distance = searchDistanceByName(by);
    const found = this.images
      .map((image) => ({ image, metadata: metadataOf(image.id) }))
      .filter(({ image, metadata }) => filter === undefined || matchesFilter(filter, { id: image.id, metadata }))
      .map((one) => ({ ...one, distance: distance.between(vector, one.image.vector) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(offset, offset + k);
    return {
      by,
      images: found.map(({ image, metadata, distance: apart }) => ({
        id: image.id,
        distance: apart,
        alike: calibratedShare(calibration, by, apart) ?? null,
        metadata,
      })),
    };
  }
}

function metadataOf(id: string): { readonly class: string } | Record<string, never> {
  const name = classOf(id);
  return name === '' ? {} : { class: name };
}

/** How much alike two vectors are. */
export function comparedVectors(
  first: Float32Array,
  second: Float32Array,
  { distance: by, calibration }: Pick<ModelMetadata, 'distance' | 'calibration'>,
): ServiceComparison {
  const distance = searchDistanceByName(by).between(first, second);
  const similarity = 1 - searchDistanceByName('cosine').between(first, second);
  return { by, distance, similarity, alike: calibratedShare(calibration, by, distance) ?? null };
}
