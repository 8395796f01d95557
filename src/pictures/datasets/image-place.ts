import type { Brand } from '../../foundation/numbers/brand.ts';

/**
 * Where an image stands in its dataset's `images`, counted from 0. What counts other things (rows of a table, pictures of a batch,
 * images that are trained on, classes) is a plain number, and no place.
 */
export type ImagePlace = Brand<number, 'place of an image in its dataset'>;

/** A number that counts images of a dataset, as a place. */
export const imagePlace = (number: number): ImagePlace => number as ImagePlace;

/** The places of all images of a dataset, in order. */
export const imagePlaces = ({ images }: { readonly images: readonly unknown[] }): ImagePlace[] =>
  Array.from(images, (_, number) => imagePlace(number));
