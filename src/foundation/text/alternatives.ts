/** Names to choose from, in words: `a`, `a or b`, `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  const last = names.slice(-1).join();
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
