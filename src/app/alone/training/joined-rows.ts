/** Rows one behind the other. */
export function joinedRows(parts: readonly Float32Array[]): Float32Array {
  const rows = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}
