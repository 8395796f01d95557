/** The arithmetic mean of some numbers; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += values[place];
  return sum / values.length;
}
