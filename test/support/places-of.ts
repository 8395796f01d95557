import { type ImagePlace, imagePlace } from '../../src/pictures/datasets/image-place.ts';

/** Numbers of images as places in their dataset. */
export const placesOf = (numbers: readonly number[]): ImagePlace[] => numbers.map(imagePlace);
