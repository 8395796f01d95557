/**
 * Of some names the one most like a mistyped one, by the fewest letters to insert, drop or change (Levenshtein 1966), capitals
 * aside; the first of equals. Undefined if all are so different that more than half of the longer name would have to change.
 */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const changes = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (changes >= fewest || 2 * changes > Math.max(typed.length, name.length)) continue;
    nearest = name;
    fewest = changes;
  }
  return nearest;
}

/** `; did you mean <name>?`, or nothing. */
export function suggestion(typed: string, names: readonly string[]): string {
  const nearest = nearestName(typed, names);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let place = 1; place <= b.length; place++) {
      const change = above[place - 1] + (a[row - 1] === b[place - 1] ? 0 : 1);
      current.push(Math.min(change, above[place] + 1, current[place - 1] + 1));
    }
    above = current;
  }
  return above[b.length];
}
