/** What is looked at: the place in the middle, and two to the power of `zoom` pixels a unit. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The farthest and the closest look. */
export const [farthest, closest] = [4, 20] as const;

/** Pixels of the map on the page. */
export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** A place on the page: pixels from the map's left upper corner. */
export type Pixel = readonly [x: number, y: number];

/** Pixels around the whole, in which half a picture has room. */
const margin = 36;

/** The view that shows all of the square from -1 to 1. */
export function wholeView({ width, height }: MapSize): MapView {
  return { x: 0, y: 0, zoom: Math.log2(Math.max(32, Math.min(width, height) - 2 * margin) / 2) };
}

/** Where a place of the map is on the page. */
export function pixelOf(x: number, y: number, view: MapView, { width, height }: MapSize): Pixel {
  const scale = 2 ** view.zoom;
  return [width / 2 + (x - view.x) * scale, height / 2 - (y - view.y) * scale];
}

/** Points that are seen, in their order. @param places [n, 2]. */
export function seenPoints(places: Float32Array, view: MapView, size: MapSize): number[] {
  const half = 2 ** -view.zoom / 2;
  const [right, up] = [size.width * half, size.height * half];
  const seen: number[] = [];
  for (let point = 0; point < places.length / 2; point++) {
    if (Math.abs(places[2 * point] - view.x) > right || Math.abs(places[2 * point + 1] - view.y) > up) continue;
    seen.push(point);
  }
  return seen;
}

/** The points within a line that is drawn around them and closes itself: even-odd, as SVG fills. */
export function pointsWithin(places: Float32Array, line: readonly Pixel[], view: MapView, size: MapSize): number[] {
  return seenPoints(places, view, size).filter((point) => {
    const [x, y] = pixelOf(places[2 * point], places[2 * point + 1], view, size);
    let inside = false;
    for (const [at, [x1, y1]] of line.entries()) {
      const [x2, y2] = line[(at + 1) % line.length];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
    }
    return inside;
  });
}

/** The point nearest to a pixel, within so many pixels of it; undefined where there is none. */
export function pointAt(
  places: Float32Array,
  [x, y]: Pixel,
  view: MapView,
  size: MapSize,
  within: number,
): number | undefined {
  let [nearest, least]: [number | undefined, number] = [undefined, within * within];
  for (let point = 0; point < places.length / 2; point++) {
    const [px, py] = pixelOf(places[2 * point], places[2 * point + 1], view, size);
    const squared = (px - x) ** 2 + (py - y) ** 2;
    if (squared <= least) [nearest, least] = [point, squared];
  }
  return nearest;
}

/** Some of the points, one in each square of so many pixels: those that have room for a picture. */
export function pointsWithRoom(
  places: Float32Array,
  points: readonly number[],
  view: MapView,
  side: number,
  most: number,
): number[] {
  const taken = new Set<string>();
  const scale = 2 ** view.zoom / side;
  return points
    .filter((point) => {
      // By the map's own squares, so that pictures do not change while it is moved.
      const square = `${Math.floor(places[2 * point] * scale)} ${Math.floor(places[2 * point + 1] * scale)}`;
      if (taken.has(square)) return false;
      taken.add(square);
      return true;
    })
    .slice(0, most);
}
