import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';

/** One vector for each of some places. */
export class FeatureTable {
  readonly #rows: ReadonlyMap<ImagePlace, Float32Array>;

  /** @param rows the vector of each place, all of `length` numbers. */
  constructor(
    rows: ReadonlyMap<ImagePlace, Float32Array>,
    readonly length: number,
  ) {
    this.#rows = rows;
  }

  /** The vectors of the places in their order, float32 [places, length]. @throws if a place has none. */
  batch(places: readonly ImagePlace[]): Tensor {
    const batch = tensor('float32', [places.length, this.length]);
    for (const [index, place] of places.entries()) {
      batch.data.set(this.row(place), index * this.length);
    }
    return batch;
  }

  /** The vector of a place, to be read. @throws if it has none. */
  row(place: ImagePlace): Float32Array {
    const row = this.#rows.get(place);
    if (row === undefined) throw new RangeError(`no features are known for the image at place ${place}`);
    return row;
  }
}
