import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';

/** How much each place of a picture adds to the likeness; negative where it takes from it. */
export interface HeatMap {
  readonly width: number;
  readonly height: number;
  /** `height * width` numbers, row by row. */
  readonly data: Float32Array;
}

/**
 * Heat-maps of several sizes as one of `width` x `height`, each between its places by the four nearest, so that the sum of a map
 * stays what it is but for the border.
 */
export function addedHeat(maps: readonly HeatMap[], width: number, height: number): HeatMap {
  const data = new Float32Array(width * height);
  for (const map of maps) {
    const area = (map.width * map.height) / (width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = valueAt(map, ((x + 0.5) * map.width) / width - 0.5, ((y + 0.5) * map.height) / height - 0.5);
        data[y * width + x] += area * at;
      }
    }
  }
  return { width, height, data };
}

function valueAt({ width, height, data }: HeatMap, x: number, y: number): number {
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const [left, top] = [clamp(x, width - 1), clamp(y, height - 1)];
  const [x0, y0] = [Math.floor(left), Math.floor(top)];
  const [x1, y1] = [clamp(x0 + 1, width - 1), clamp(y0 + 1, height - 1)];
  const [right, below] = [left - x0, top - y0];
  const row = (at: number) => data[at * width + x0] * (1 - right) + data[at * width + x1] * right;
  return row(y0) * (1 - below) + row(y1) * below;
}

const warm = [235, 94, 40] as const;
const cold = [52, 110, 190] as const;
/** Pixels between two pictures, and about how many a side of one has. */
const [gap, side] = [12, 384];

/**
 * Two pictures side by side with their heat-maps; see `drawHeats`.
 */
export function drawHeat(pictures: readonly { readonly picture: RgbImage; readonly heat: HeatMap }[]): RgbImage {
  const drawn = drawHeats(pictures);
  const [{ width, height }] = drawn;
  const whole = drawn.length * width + (drawn.length - 1) * gap;
  const data = new Uint8Array(whole * height * 3).fill(255);
  for (const [place, one] of drawn.entries()) {
    for (let y = 0; y < height; y++) {
      const row = one.data.subarray(y * width * 3, (y + 1) * width * 3);
      data.set(row, (y * whole + place * (width + gap)) * 3);
    }
  }
  return { width: whole, height, data };
}

/**
 * Pictures of one size with their heat-maps, each by itself: orange where a place makes them alike, blue where it does not; the
 * strongest place of all has full colour. Pixels are drawn as squares, so that a side has about 384.
 */
export function drawHeats(pictures: readonly { readonly picture: RgbImage; readonly heat: HeatMap }[]): RgbImage[] {
  const strongest = Math.max(
    ...pictures.map(({ heat }) => heat.data.reduce((most, h) => Math.max(most, Math.abs(h)), 0)),
  );
  return pictures.map(({ picture, heat }) => {
    const factor = Math.max(1, Math.round(side / Math.max(picture.width, picture.height)));
    const [width, height] = [picture.width * factor, picture.height * factor];
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = Math.floor(y / factor) * picture.width + Math.floor(x / factor);
        const strength = strongest === 0 ? 0 : heat.data[pixel] / strongest;
        data.set(tinted(picture.data.subarray(3 * pixel, 3 * pixel + 3), strength), (y * width + x) * 3);
      }
    }
    return { width, height, data };
  });
}

/** A pixel, paler, towards a colour by how strong the heat is. */
function tinted([red, green, blue]: Uint8Array, strength: number): number[] {
  const grey = 0.5 * (0.299 * red + 0.587 * green + 0.114 * blue) + 110;
  const share = 0.85 * Math.min(1, Math.abs(strength)) ** 0.7;
  return (strength > 0 ? warm : cold).map((colour) => Math.round(grey + share * (colour - grey)));
}
