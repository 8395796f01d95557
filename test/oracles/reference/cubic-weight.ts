/**
 * The weight of an element at a `distance` from the place that is read, by cubic convolution: 1 at 0, 0 at every other
 * whole distance and from 2 on; `a` is the slope of the outer part.
 *
 * Source: Keys, Cubic Convolution Interpolation for Digital Image Processing (1981), equation 4.
 */
export function cubicWeight(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d < 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  if (d < 2) return a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a;
  return 0;
}
