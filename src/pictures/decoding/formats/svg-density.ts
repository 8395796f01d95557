import type { PictureLimits } from '../picture-limits.ts';
import type { PixelRequest } from '../pixel-request.ts';

/** librsvg draws no more a side. */
const mostDrawn = 32_767;

/** Most pixels to which one is enlarged: a square of 8192, the largest target there is. */
const mostEnlarged = 2 ** 26;

/** The limits of an SVG: a side no longer than is drawn. */
export function svgLimits(limits: PictureLimits): PictureLimits {
  return { ...limits, side: Math.min(mostDrawn, limits.side) };
}

/**
 * Dots an inch at which an SVG is drawn: 72, its own size, or as many more as both sides need to be at least the target's;
 * but it is enlarged no further than the limits and 2^26 pixels allow. A long thin picture so stays below the target on its
 * short side.
 */
export function svgDensity(
  { width, height }: { readonly width: number; readonly height: number },
  { target, limits }: Pick<PixelRequest, 'target' | 'limits'>,
): number {
  if (target === undefined) return 72;
  const wanted = Math.max(1, target.width / width, target.height / height);
  const most = Math.min(
    limits.side / Math.max(width, height),
    Math.sqrt(Math.min(mostEnlarged, limits.pixels) / (width * height)),
  );
  // sharp takes no more than 100,000.
  if (wanted <= most) return Math.min(100_000, 72 * wanted);
  // To whole pixels of the short side: edges drawn between pixels would be seen as contours.
  const short = Math.min(width, height);
  return 72 * Math.max(1, Math.floor(most * short) / short);
}
