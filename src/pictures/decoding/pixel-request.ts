import type { PictureLimits } from './picture-limits.ts';

/** How the pixels of a picture are wanted. */
export interface PixelRequest {
  /** What shows through transparent places, as `#rrggbb`. */
  readonly background: string;
  /** SVG alone: it is drawn at least this large on both sides, as far as it may. */
  readonly target?: { readonly width: number; readonly height: number } | undefined;
  /**
   * JPEG alone: where it is at least three times as large on both sides, it is scaled while it is decoded, its aspect kept, so
   * that it covers this. Left out, it is decoded whole.
   */
  readonly scaledTo?: { readonly width: number; readonly height: number } | undefined;
  readonly limits: PictureLimits;
}
