import { ModelError } from '../../foundation/errors/model-error.ts';
import type { ValueRange } from './affine.ts';

/** Bins on either side of zero: the bin above zero is this one. */
export const binAboveZero = 2048;
const half = binAboveZero;

/**
 * Counts of the elements of a value in bins of equal width around zero. The width is a power of two and doubles when an
 * element lies outside, two bins becoming one, so nothing has to be known of the elements before and the order in which they
 * come does not matter. At the end the largest magnitude lies in the outer half of the bins: 1024 to 2048 bins reach to it.
 */
export class ValueHistogram {
  /** Elements in bin `i`: from `(i - 2048) width` to just below `(i - 2047) width`. */
  readonly counts = new Float64Array(2 * half);
  #width = 0;
  #total = 0;
  #zeros = 0;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  /** Width of a bin; 0 as long as nothing but zeros was added. */
  get width(): number {
    return this.#width;
  }

  /** Elements so far. */
  get total(): number {
    return this.#total;
  }

  /** Those of them that are exactly zero, as a ReLU leaves them: they are counted in the bin above zero. */
  get zeros(): number {
    return this.#zeros;
  }

  /** The smallest and the largest element. @throws if there are none. */
  get range(): ValueRange {
    if (this.#total === 0) throw new ModelError('no element has been counted: there is no range');
    return { low: this.#low, high: this.#high };
  }

  /** The middle of a bin. */
  middle(bin: number): number {
    return (bin - half + 0.5) * this.#width;
  }

  /**
   * Counts some elements.
   *
   * @throws if one is not finite: such a network gives no embedding either.
   */
  add(elements: ArrayLike<number>): void {
    let low = this.#low;
    let high = this.#high;
    let finite = true;
    let zeros = 0;
    for (let i = 0; i < elements.length; i++) {
      const x = elements[i];
      if (x < low) low = x;
      if (x > high) high = x;
      if (x === 0) zeros++;
      if (!(x - x === 0)) finite = false;
    }
    if (!finite)
      throw new ModelError('an element is not a finite number: does the model work in floating point at all?');
    this.#low = low;
    this.#high = high;
    this.#reach(Math.max(-low, high, 0));
    this.#total += elements.length;
    this.#zeros += zeros;
    const { counts } = this;
    const scale = this.#width === 0 ? 0 : 1 / this.#width;
    for (let i = 0; i < elements.length; i++) counts[Math.floor(elements[i] * scale) + half]++;
  }

  #reach(magnitude: number): void {
    if (magnitude === 0) return;
    if (this.#width === 0) {
      this.#width = 2 ** (Math.floor(Math.log2(magnitude)) - Math.log2(half) + 1);
    }
    while (magnitude >= half * this.#width) this.#double();
  }

  #double(): void {
    const { counts } = this;
    const old = counts.slice();
    counts.fill(0);
    for (let bin = 0; bin < old.length; bin++) counts[Math.floor((bin - half) / 2) + half] += old[bin];
    this.#width *= 2;
  }
}
