/** `x' = a x + b y + c`, `y' = d x + e y + f`, in pixels: 0 is the middle of the first one. */
export interface PixelMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/**
 * An affine map in pixels.
 *
 * @param theta its six numbers, row by row, for places from -1 to 1 across a picture, pixels being areas: PyTorch's
 * `affine_grid` with `align_corners=False`.
 */
export function pixelMap(
  [a, b, c, d, e, f]: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): PixelMap {
  const middle = (length: number) => (length - 1) / 2;
  const [across, down] = [(b * width) / height, (d * height) / width];
  return {
    a,
    b: across,
    c: middle(width) + (c * width) / 2 - a * middle(width) - across * middle(height),
    d: down,
    e,
    f: middle(height) + (f * height) / 2 - down * middle(width) - e * middle(height),
  };
}
