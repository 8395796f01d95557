/** @throws if two vectors that a distance is asked for differ in length. */
export function checkLengths(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length) return;
  throw new Error(
    `a distance needs two vectors of one length, got ${a.length} and ${b.length} elements: ` +
      'embed both images with the same model',
  );
}
