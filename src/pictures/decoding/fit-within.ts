/** Sides in pixels. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/**
 * The largest sides of a picture's own shape that fit into a box, each rounded to whole pixels, at least 1. A picture that fits
 * as it is keeps its sides: nothing is enlarged.
 */
export function fitWithin({ width, height }: Sides, box: Sides): Sides {
  const scale = Math.min(1, box.width / width, box.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
