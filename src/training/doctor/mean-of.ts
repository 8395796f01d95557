/** The mean of a quantity over some things; NaN of none. */
export function meanOf<T>(things: readonly T[], quantity: (thing: T) => number): number {
  return things.reduce((sum, thing) => sum + quantity(thing), 0) / things.length;
}
