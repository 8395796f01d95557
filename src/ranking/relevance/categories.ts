import { classNameOf, type RelevanceImages } from './relevance-images.ts';

/**
 * The category of each image: the first `levels` parts of its class's name, which has `/` between them. Classes `birds/owl`
 * and `birds/robin` are one category with `levels` 1, two with `levels` 2; a name of fewer parts is taken whole. Categories
 * are numbered in the order in which they are met.
 */
export function categoriesOf(images: RelevanceImages, levels: number): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(images.places, (_, image) => {
    const name = classNameOf(images, image).split('/').slice(0, levels).join('/');
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}
