/** Colours that are told apart, on a light ground and on a dark one, also by who sees red and green alike (Paul Tol's bright and muted). */
const distinct = [
  [68, 119, 170],
  [221, 125, 75],
  [34, 136, 51],
  [170, 51, 119],
  [153, 130, 40],
  [60, 170, 200],
  [238, 102, 119],
  [120, 100, 190],
  [110, 110, 110],
  [17, 119, 119],
] as const;

/** Opacity of a point, and of one that is not selected where others are. */
const [shown, faded] = [200, 40];

/** The colour of a class, as red, green and blue. Of more classes than there are colours, several have one. */
export function classColour(place: number): readonly [number, number, number] {
  return distinct[place % distinct.length];
}

/** True if every class has a colour of its own. */
export function coloursTell(classes: number): boolean {
  return classes <= distinct.length;
}

/** The colour of every point, [n, 4]: that of its class, paler where others are selected. */
export function pointColours(classOf: readonly number[], selected: ReadonlySet<number>): Uint8Array {
  const colours = new Uint8Array(4 * classOf.length);
  for (const [point, place] of classOf.entries()) {
    colours.set(classColour(place), 4 * point);
    colours[4 * point + 3] = selected.size === 0 || selected.has(point) ? shown : faded;
  }
  return colours;
}
