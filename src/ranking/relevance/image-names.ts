import path from 'node:path';
import type { RelevanceImages } from './relevance-images.ts';

/** The images that a name in a file can mean: `known` is false for a name that is nowhere in the dataset. */
export interface NamedImage {
  readonly known: boolean;
  /** Number of the image; undefined for one of the dataset that is not asked about: kept from training, or unreadable. */
  readonly image: number | undefined;
}

/**
 * Finds images by their names in a CSV: by the id that the dataset gives them (`owls/3.jpg`), or by their path, absolute or
 * relative to the folder of the CSV.
 */
export function imageNames({ dataset, places }: RelevanceImages, folder: string): (name: string) => NamedImage {
  const byPlace = new Map<number, number>(places.map((place, image) => [place, image]));
  const placeOf = new Map<string, number>();
  for (const [place, { id, source }] of dataset.images.entries()) {
    placeOf.set(id, place);
    if (source.kind === 'file') placeOf.set(path.resolve(source.path), place);
  }
  return (name) => {
    const place = placeOf.get(name) ?? placeOf.get(path.resolve(folder, name));
    return { known: place !== undefined, image: place === undefined ? undefined : byPlace.get(place) };
  };
}
