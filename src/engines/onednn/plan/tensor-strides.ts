import { sizeOf } from '../../../graph/tensor/shape.ts';
import { type DataType, dataType, formatTag } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { OneDnnObjects } from '../library/onednn-objects.ts';
import type { Datum } from './datum.ts';

/** How far apart the elements of a plan's tensors lie along each axis, where they do not lie in blocks. */
export class TensorStrides {
  /** Of layouts that were made here. */
  readonly #made = new Map<Pointer, readonly number[]>();

  constructor(private readonly objects: OneDnnObjects) {}

  /** A layout of elements as far apart as `strides` says. */
  layout(shape: readonly number[], type: DataType, strides: readonly number[]): Pointer {
    const layout = this.objects.stridedLayout(shape, dataType[type], strides);
    this.#made.set(layout, strides);
    return layout;
  }

  /** The strides of a tensor; undefined where it lies in blocks. */
  of(datum: Datum): readonly number[] | undefined {
    const known = this.#made.get(datum.layout);
    if (known !== undefined) return known;
    if (this.#isTagged(datum, formatTag.plain[datum.shape.length])) return rowMajor(datum.shape);
    if (!this.#hasChannelsLast(datum)) return undefined;
    const [, channels, rows, columns] = datum.shape;
    return [channels * rows * columns, 1, columns * channels, channels];
  }

  /** True of a tensor that is read by strides that are neither row-major nor those of an image with channels last. */
  isTurned(datum: Datum): boolean {
    const isTagged = () => this.#isTagged(datum, formatTag.plain[datum.shape.length]) || this.#hasChannelsLast(datum);
    return this.#made.has(datum.layout) && !isTagged();
  }

  #hasChannelsLast(datum: Datum): boolean {
    return datum.shape.length === 4 && this.#isTagged(datum, formatTag.channelsLast);
  }

  #isTagged({ shape, type, layout }: Datum, tag: number): boolean {
    return this.objects.sameLayout(layout, this.objects.taggedLayout(shape, dataType[type], tag));
  }
}

/** The strides of a tensor without gaps, the last axis the densest. */
export const rowMajor = (shape: readonly number[]): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
