/** The largest picture that is decoded, in pixels: 200 million, 600 MB as RGB. */
export const maximumPixels = 200_000_000;
