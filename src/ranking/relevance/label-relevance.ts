import { z } from 'zod';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { defineRelevance } from './define-relevance.ts';
import type { PairRelevance, Relevance } from './relevance.ts';
import { classNameOf, type RelevanceImages } from './relevance-images.ts';
import { wrongRelevance } from './typed-relevance.ts';

/**
 * Relevance by a hierarchy of labels, `group/subgroup/concept` at any depth: `decay ** (depth - shared)`, where `shared` is
 * how many parts the names of both classes have in common from the left and `depth` how many the longer one has. Images of
 * one class are 1 relevant to each other; with a decay of 0.1 those of one subgroup 0.1, those of one group 0.01.
 *
 * Totals are exact sums, from the sizes of the classes.
 *
 * @param decay from 0, exclusive, to 1: what each level that two classes do not share divides relevance by, inverted.
 * @throws if the decay is out of bounds.
 */
export function labelRelevance(images: RelevanceImages, categories: Int32Array, decay: number): Relevance {
  if (!(decay > 0 && decay <= 1)) {
    throw new DatasetError(`label relevance: the decay is ${decay}: it has to be above 0 and at most 1`);
  }
  const { classOf, paths } = classPaths(images);
  const byClass = (a: number, b: number): number => {
    const [left, right] = [paths[a], paths[b]];
    let shared = 0;
    while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared++;
    return decay ** (Math.max(left.length, right.length) - shared);
  };
  const between: PairRelevance = (a, b) =>
    images.twins[a] === images.twins[b] ? 0 : classOf[a] === classOf[b] ? 1 : byClass(classOf[a], classOf[b]);
  return { categories, between, totals: totalsOf(images, categories, classOf, byClass), estimatedTotals: 0 };
}

/** Relevance by labels, for the table: a decay of 0.1 unless another one is typed. */
export const labelsRelevance = defineRelevance({
  schema: z.strictObject({ kind: z.literal('labels'), decay: z.number().positive().max(1) }),
  forms: ['labels', 'labels:<decay>'],
  option: 'labels[:decay] (group/subgroup/concept)',
  parse(behind) {
    const decay = behind === undefined ? 0.1 : Number(behind === '' ? Number.NaN : behind);
    if (decay > 0 && decay <= 1) return { decay };
    const expected = 'a number above 0 and at most 1';
    const value = `labels:${behind}`;
    throw wrongRelevance(`relevance '${value}': the decay of a level has to be ${expected}`, expected, { value });
  },
  behind: ({ decay }) => String(decay),
  load: async ({ decay }, { images, categories }) => labelRelevance(images, categories, decay),
});

interface ClassPaths {
  /** Number of each image's class. */
  readonly classOf: Int32Array;
  /** Parts of each class's name. */
  readonly paths: readonly (readonly string[])[];
}

function classPaths(images: RelevanceImages): ClassPaths {
  const numbers = new Map<string, number>();
  const paths: string[][] = [];
  const classOf = Int32Array.from(images.places, (_, image) => {
    const name = classNameOf(images, image);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, paths.length);
    return paths.push(name.split('/')) - 1;
  });
  return { classOf, paths };
}

/** Sums over classes, from which an image and those that look the same are taken out again. */
function totalsOf(
  { twins }: RelevanceImages,
  categories: Int32Array,
  classOf: Int32Array,
  byClass: PairRelevance,
): Float64Array {
  const sizes = new Map<number, Map<number, number>>();
  const alike = new Map<number, number[]>();
  for (const [image, category] of categories.entries()) {
    const own = sizes.get(category) ?? new Map<number, number>();
    sizes.set(category, own.set(classOf[image], (own.get(classOf[image]) ?? 0) + 1));
    const group = alike.get(twins[image]);
    if (group === undefined) alike.set(twins[image], [image]);
    else group.push(image);
  }
  const ofClass = new Map<number, number>();
  for (const own of sizes.values()) {
    for (const number of own.keys()) {
      let sum = 0;
      for (const [other, size] of own) sum += size * byClass(number, other);
      ofClass.set(number, sum);
    }
  }
  return Float64Array.from(classOf, (number, image) => {
    const same = alike.get(twins[image])!.filter((other) => categories[other] === categories[image]);
    return same.reduce((sum, other) => sum - byClass(number, classOf[other]), ofClass.get(number)!);
  });
}
