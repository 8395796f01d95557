/** Largest difference of two tensors' elements, as a share of the expected tensor's largest element. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length || expected.length === 0) {
    throw new Error(`cannot compare ${actual.length} elements with ${expected.length}`);
  }
  let [largest, difference] = [0, 0];
  for (let place = 0; place < expected.length; place++) {
    largest = Math.max(largest, Math.abs(expected[place]));
    const distance = Math.abs(actual[place] - expected[place]);
    if (!(distance <= difference)) difference = distance;
  }
  return difference === 0 ? 0 : difference / largest;
}
