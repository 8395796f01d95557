/** Places of the k smallest numbers, smallest first, equal ones by place. */
export function smallestPlaces(values: Float64Array, k: number): number[] {
  const limit = values.slice().sort()[k - 1];
  const below: number[] = [];
  const atLimit: number[] = [];
  for (let place = 0; place < values.length; place++) {
    if (values[place] < limit) below.push(place);
    else if (values[place] === limit) atLimit.push(place);
  }
  below.sort((a, b) => values[a] - values[b] || a - b);
  return [...below, ...atLimit.slice(0, k - below.length)];
}
