import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
/**
 * Images grouped by class, so that a positive or a negative of an image is one number away. Within a class, images with
 * identical bytes lie side by side: the positives of an image are its class without its own group of duplicates, the
 * negatives are everything outside its class. A negative may be identical to the query where the same file lies in two
 * classes: the labels say they differ.
 */
export class ImagesByClass {
  /** Images that can be a query, in ascending order: those with at least one positive and one negative. */
  readonly queries: Uint32Array;
  /** Classes without any pair of different images: one image only, or copies of one. They give negatives only. */
  readonly classesOfOneImage: number;
  /** All images, class by class and duplicate group by duplicate group. */
  readonly #order: Uint32Array;
  /** Where each image stands in `#order`. */
  readonly #place: Uint32Array;
  /** For each place: where its class and its duplicate group begin and end. */
  readonly #classes: Runs;
  readonly #groups: Runs;
  /** Place at which each class begins. */
  readonly #classStarts: readonly number[];

  /**
   * @param labels the class of each image: any whole numbers.
   * @param duplicateOf a finite number that two images share if and only if their bytes are identical; without it no two are.
   * @throws if a label is not a whole number.
   */
  constructor(labels: ArrayLike<number>, duplicateOf: (image: number) => number = (image) => image) {
    const count = labels.length;
    for (let image = 0; image < count; image++) {
      if (!Number.isInteger(labels[image])) {
        throw new UsageError(`the class of image ${image} is ${labels[image]}; a class is a whole number`, {
          path: `labels.${image}`,
          expected: 'a whole number',
          value: labels[image],
        });
      }
    }
    const groups = Float64Array.from({ length: count }, (_, image) => duplicateOf(image));
    this.#order = Uint32Array.from({ length: count }, (_, image) => image).sort(
      (a, b) => labels[a] - labels[b] || groups[a] - groups[b] || a - b,
    );
    this.#place = new Uint32Array(count);
    for (let place = 0; place < count; place++) this.#place[this.#order[place]] = place;
    this.#classes = runs(count, (place) => labels[this.#order[place]] !== labels[this.#order[place - 1]]);
    this.#groups = runs(
      count,
      (place) => this.#classes.start[place] === place || groups[this.#order[place]] !== groups[this.#order[place - 1]],
    );
    const starts: number[] = [];
    for (let place = 0; place < count; place = this.#classes.end[place]) starts.push(place);
    this.#classStarts = starts;
    this.queries = Uint32Array.from({ length: count }, (_, image) => image).filter(
      (image) => this.positiveCount(image) > 0 && this.negativeCount(image) > 0,
    );
    this.classesOfOneImage = starts.filter((start) => this.positiveCount(this.#order[start]) === 0).length;
  }

  get imageCount(): number {
    return this.#order.length;
  }

  get classCount(): number {
    return this.#classStarts.length;
  }

  /** The images of a class; classes count from 0 in ascending order of their labels. Identical images are neighbours. */
  imagesOf(classNumber: number): Uint32Array {
    const start = this.#classStarts[classNumber];
    return this.#order.subarray(start, this.#classes.end[start]);
  }

  /** True if both images are of one class and have identical bytes, or are one image. */
  identical(a: number, b: number): boolean {
    return this.#groups.start[this.#place[a]] === this.#groups.start[this.#place[b]];
  }

  /** How many images are of the same class and not identical. */
  positiveCount(image: number): number {
    const place = this.#place[image];
    return lengthOf(this.#classes, place) - lengthOf(this.#groups, place);
  }

  /** How many images are of other classes. */
  negativeCount(image: number): number {
    return this.imageCount - lengthOf(this.#classes, this.#place[image]);
  }

  /** The `k`-th positive of an image, `k` from 0 to `positiveCount(image) - 1`. */
  positive(image: number, k: number): number {
    const place = this.#place[image];
    const candidate = this.#classes.start[place] + k;
    return this.#order[candidate < this.#groups.start[place] ? candidate : candidate + lengthOf(this.#groups, place)];
  }

  /** The `k`-th negative of an image, `k` from 0 to `negativeCount(image) - 1`. */
  negative(image: number, k: number): number {
    const place = this.#place[image];
    return this.#order[k < this.#classes.start[place] ? k : k + lengthOf(this.#classes, place)];
  }

  /** @throws if no triplet can be made of these images; the message says what is missing, and names who asks. */
  requireTriplets(who: string): void {
    if (this.queries.length > 0) return;
    const found = `${this.imageCount} images in ${this.classCount} classes`;
    throw new DatasetError(
      this.classCount < 2
        ? `${who}: ${found}: triplets need at least two classes, for the negative is of another class than the query`
        : `${who}: ${found}: no class has two different images, so no query has a positive; add images to the classes`,
    );
  }
}

/** For each place, where the run of like places around it begins, and the place behind its end. */
interface Runs {
  readonly start: Uint32Array;
  readonly end: Uint32Array;
}

function runs(count: number, beginsAt: (place: number) => boolean): Runs {
  const start = new Uint32Array(count);
  const end = new Uint32Array(count);
  for (let place = 0; place < count; place++) start[place] = place > 0 && !beginsAt(place) ? start[place - 1] : place;
  for (let place = count - 1; place >= 0; place--) {
    const last = place === count - 1 || start[place + 1] === place + 1;
    end[place] = last ? place + 1 : end[place + 1];
  }
  return { start, end };
}

function lengthOf(of: Runs, place: number): number {
  return of.end[place] - of.start[place];
}
