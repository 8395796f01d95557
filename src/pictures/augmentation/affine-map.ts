/** One picture's change of geometry. */
export interface AffineChange {
  /** In radians. */
  readonly rotation: number;
  /** Magnification along the width and the height. */
  readonly zoomX: number;
  readonly zoomY: number;
  /** The width is divided, the height multiplied by it. */
  readonly aspect: number;
  /** In radians. */
  readonly shear: number;
  readonly mirrorX: boolean;
  readonly mirrorY: boolean;
  /** Where the picture is read further on, as a share of its side. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Sides of the picture in pixels, so that a turned square stays square in a picture that is not. */
  readonly width: number;
  readonly height: number;
}

/**
 * The map from places of the new picture to places of the old, six numbers `[a, b, c, d, e, f]`:
 * `x' = a x + b y + c`, `y' = d x + e y + f`, both from -1 to 1 across the picture.
 *
 * The linear part is `S R S H Z`: `Z` divides by the magnification and mirrors, `H` shears (Keras: `x' = cos(s) x`,
 * `y' = y - sin(s) x`), `R` turns, and `S = diag(sqrt(aspect), 1 / sqrt(aspect))` stretches, half before the turn and half
 * after it.
 */
export function affineMap(change: AffineChange): readonly [number, number, number, number, number, number] {
  const { rotation, aspect, shear, width, height } = change;
  const zx = (change.mirrorX ? -1 : 1) / change.zoomX;
  const zy = (change.mirrorY ? -1 : 1) / change.zoomY;
  // S R S, in places from -1 to 1: what turns from one axis to the other is scaled by the ratio of the sides.
  const a = Math.cos(rotation) * aspect;
  const b = -Math.sin(rotation) * (height / width);
  const d = Math.sin(rotation) * (width / height);
  const e = Math.cos(rotation) / aspect;
  const cos = Math.cos(shear);
  const sin = Math.sin(shear) * (width / height);
  return [(a * cos - b * sin) * zx, b * zy, 2 * change.shiftX, (d * cos - e * sin) * zx, e * zy, 2 * change.shiftY];
}
