import path from 'node:path';
import { DatasetError } from '../../../foundation/errors/dataset-error.ts';
import type { ImageDataset, ImageSource } from '../../../pictures/datasets/dataset.ts';
import { imagePlaces } from '../../../pictures/datasets/image-place.ts';
import { categoriesOf } from '../../../ranking/relevance/categories.ts';
import { loadTripletFile } from '../../../ranking/triplets/read-triplet-file.ts';
import type { Triplet } from '../../../ranking/triplets/triplet.ts';
import { TripletList } from '../../../ranking/triplets/triplet-list.ts';

/** Images and triplets of them to judge a model by. */
export interface TripletMaterial {
  /** What messages call each image. */
  readonly ids: readonly string[];
  readonly sources: readonly ImageSource[];
  /** Places among the images. */
  readonly triplets: Iterable<Triplet> & { readonly length: number };
  /** The category of each image; undefined where images have no classes. */
  readonly categories: Int32Array | undefined;
}

/** The triplets of a file with the images that they name. */
export async function loadTripletMaterial(file: string): Promise<TripletMaterial> {
  const { images, triplets } = await loadTripletFile(file);
  const sources = images.map((image): ImageSource => ({ kind: 'file', path: image }));
  return { ids: images, sources, triplets, categories: undefined };
}

/**
 * The triplets of a file over all images of a dataset: those that no triplet names are in the gallery. Where every image has
 * a class, categories are the first `categoryLevels` parts of its name; see `categoriesOf`.
 *
 * @throws if a triplet names an image that the dataset does not have.
 */
export async function tripletsOfDataset(
  file: string,
  dataset: ImageDataset,
  categoryLevels: number,
): Promise<TripletMaterial> {
  const { images: named, triplets: listed } = await loadTripletFile(file);
  const places = new Map(
    dataset.images.flatMap(({ source }, place) =>
      source.kind === 'file' ? [[path.resolve(source.path), place] as const] : [],
    ),
  );
  const placeOf = named.map((image) => {
    const place = places.get(image);
    if (place !== undefined) return place;
    throw new DatasetError(
      `'${file}' names '${image}', which is not among the ${dataset.images.length} images in '${dataset.root}': give the folder that the triplets were made of`,
    );
  });
  const triplets = new TripletList();
  for (const { query, positive, negative } of listed) {
    triplets.push({ query: placeOf[query], positive: placeOf[positive], negative: placeOf[negative] });
  }
  const { images } = dataset;
  const all = { dataset, places: imagePlaces(dataset), twins: images.map((_, place) => place) };
  return {
    ids: images.map(({ id }) => id),
    sources: images.map(({ source }) => source),
    triplets,
    categories: images.some(({ label }) => label === undefined) ? undefined : categoriesOf(all, categoryLevels),
  };
}
