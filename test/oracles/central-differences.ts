import { newElementArray } from '../../src/graph/tensor/element-type.ts';
import { type Tensor, tensor, toNumbers } from '../../src/graph/tensor/tensor.ts';

/**
 * Gradient of a function of float64 tensors by each of them, element by element: `(f(x + h) - f(x - h)) / 2h`, h = 1e-5.
 * For values around 1 truncation and rounding are both near 1e-10.
 */
export function centralDifferences(
  evaluate: (feeds: Readonly<Record<string, Tensor>>) => number,
  feeds: Readonly<Record<string, Tensor>>,
): Record<string, number[]> {
  const step = 1e-5;
  const gradients: Record<string, number[]> = {};
  for (const [name, feed] of Object.entries(feeds)) {
    const numbers = toNumbers(feed);
    const at = (place: number, offset: number) => {
      const data = newElementArray('float64', numbers.length);
      data.set(numbers);
      data[place] += offset;
      return evaluate({ ...feeds, [name]: tensor('float64', feed.shape, data) });
    };
    gradients[name] = numbers.map((_, place) => (at(place, step) - at(place, -step)) / (2 * step));
  }
  return gradients;
}
