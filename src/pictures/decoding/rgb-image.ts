/** A decoded picture: 8-bit sRGB, interleaved, row by row from the top left. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `height * width * 3` bytes. */
  readonly data: Uint8Array;
}
