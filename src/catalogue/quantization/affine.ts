import { ModelError } from '../../foundation/errors/model-error.ts';
/** Numbers between which a value's elements lie. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** How real numbers become bytes: `x = scale (q - zeroPoint)`, q from 0 to 255. */
export interface Affine {
  /** A positive float32 number. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** The largest byte. */
export const highestLevel = 255;

/**
 * The bytes that spread over a range: 0 stands for `low`, 255 for `high`, both moved so that one byte is exactly 0.0, for
 * zeros are what a convolution is padded with and what a ReLU leaves. A range that does not reach 0 is stretched to it; one
 * of no width gets scale 1.
 *
 * Source: Jacob et al. 2018, section 2.1.
 *
 * @throws if the range is not two finite numbers in order.
 */
export function affineOf({ low, high }: ValueRange): Affine {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new ModelError(
      `a range from ${low} to ${high} cannot be spread over bytes: it needs two finite numbers in order`,
    );
  }
  const bottom = Math.min(low, 0);
  const scale = Math.fround((Math.max(high, 0) - bottom) / highestLevel);
  if (!(scale > 0 && Number.isFinite(scale))) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: Math.min(Math.max(Math.round(-bottom / scale), 0), highestLevel) };
}
