import { type Floats, float64, floats, numbers } from './operands.ts';
import type { ReferenceContext } from './rule.ts';
import { placeOf } from './windows.ts';

/**
 * Where in an image each pixel of a transformed one is read: `grid[n, h, w] = theta[n] (x, y, 1)`, x and y being the
 * pixel's coordinates between -1 and 1. With `alignCorners` these are the centres of the corner pixels, otherwise the
 * image's outer edges. `theta` is `N x 2 x 3` for `size` N, C, H, W, or `N x 3 x 4` for N, C, D, H, W.
 */
export function affineGrid(context: ReferenceContext<'AffineGrid'>): Floats[] {
  const theta = floats(context, 0);
  const [batch, , ...lengths] = numbers(context, 1);
  const axes = lengths.length;
  const grid = float64([batch, ...lengths, axes]);
  const points = grid.data.length / axes;
  for (let point = 0; point < points; point++) {
    const [n, ...pixel] = placeOf(point, [batch, ...lengths]);
    const coordinates = pixel.map((index, axis) => coordinateOf(index, lengths[axis], context.attributes.alignCorners));
    const column = [...coordinates.reverse(), 1];
    for (let row = 0; row < axes; row++) {
      let sum = 0;
      for (const [i, value] of column.entries()) sum += theta.data[(n * axes + row) * (axes + 1) + i] * value;
      grid.data[point * axes + row] = sum;
    }
  }
  return [grid];
}

function coordinateOf(index: number, length: number, alignCorners: number): number {
  if (alignCorners === 0) return (2 * index + 1) / length - 1;
  return length === 1 ? 0 : (2 * index) / (length - 1) - 1;
}
