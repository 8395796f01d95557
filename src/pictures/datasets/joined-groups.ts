/**
 * What pairs join, directly or over others: a number for each of `count` places, which those of a group share and which is
 * the place of the group's first. A place in no pair is a group of its own. Union-find, halving paths.
 */
export function joinedGroups(count: number, pairs: Iterable<{ readonly a: number; readonly b: number }>): Int32Array {
  const parent = Int32Array.from({ length: count }, (_, place) => place);
  const rootOf = (place: number): number => {
    let at = place;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (const { a, b } of pairs) {
    const [one, other] = [rootOf(a), rootOf(b)];
    parent[Math.max(one, other)] = Math.min(one, other);
  }
  return parent.map((_, place) => rootOf(place));
}
