/** How large a JSON value is. */
export interface JsonExtent {
  /** Arrays and objects within each other: 0 for a number, 1 for `[1]`, 2 for `[[1]]`. */
  readonly depth: number;
  /** Values in all, arrays and objects counted as well: 3 for `[1, 2]`. */
  readonly values: number;
}

/** Measures a value that was read from JSON, without recursion, so that no depth of it overflows the stack. */
export function jsonExtent(value: unknown): JsonExtent {
  let [depth, values] = [0, 0];
  const open: (readonly [value: unknown, depth: number])[] = [[value, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [item, around] = next;
    values++;
    if (item === null || typeof item !== 'object') continue;
    depth = Math.max(depth, around + 1);
    for (const member of Object.values(item)) open.push([member, around + 1]);
  }
  return { depth, values };
}
