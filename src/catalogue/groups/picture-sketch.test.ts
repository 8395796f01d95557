import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';
import { likeness, sketchOfPicture } from './picture-sketch.ts';

/** A picture of a formula of its places, from 0 to 1. */
function picture(width: number, height: number, at: (x: number, y: number) => number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, place) => {
    const [x, y] = [Math.floor(place / 3) % width, Math.floor(place / 3 / width)];
    return Math.round(255 * at((x + 0.5) / width, (y + 0.5) / height));
  });
  return { width, height, data };
}
const waves = (x: number, y: number) => 0.5 + 0.25 * Math.sin(9 * x + 2 * y) + 0.2 * Math.cos(7 * y * y - 3 * x);
const other = (x: number, y: number) => 0.5 + 0.4 * Math.sin(23 * x * y + 5 * x);
const of = (image: RgbImage) => sketchOfPicture(image);

describe('likeness of two pictures', () => {
  const whole = of(picture(90, 60, waves));

  it('is 1 of the same, whatever the size, contrast and brightness, and of the mirrored', () => {
    expect(likeness(whole, whole)).toBeCloseTo(1, 6);
    for (const copy of [
      picture(180, 160, waves),
      picture(90, 60, (x, y) => 0.2 + 0.5 * waves(x, y)),
      picture(90, 60, (x, y) => waves(1 - x, y)),
    ]) {
      expect(likeness(whole, of(copy))).toBeGreaterThan(0.995);
    }
  });

  it('is near 1 of a window of nine tenths, wherever it is cut, as they are and mirrored', () => {
    for (const [left, top] of [
      [0, 0],
      [0.1, 0],
      [0.04, 0.08],
      [0.1, 0.1],
    ]) {
      const cut = (x: number, y: number) => waves(left + 0.9 * x, top + 0.9 * y);
      expect(likeness(whole, of(picture(80, 50, cut)))).toBeGreaterThan(0.98);
      expect(likeness(of(picture(80, 50, (x, y) => cut(1 - x, y))), whole)).toBeGreaterThan(0.98);
    }
  });

  it('is what the correlation of the luminance is, by another route', () => {
    const [a, b] = [picture(27, 27, waves), picture(27, 27, other)];
    const grey = (image: RgbImage) => Array.from({ length: 729 }, (_, n) => image.data[3 * n]);
    const mirrored = (image: RgbImage) => grey(picture(27, 27, (x, y) => (image === a ? waves : other)(1 - x, y)));
    const correlation = (x: number[], y: number[]) => {
      const mean = (v: number[]) => v.reduce((sum, one) => sum + one, 0) / v.length;
      const [mx, my] = [mean(x), mean(y)];
      const products = x.map((one, n) => (one - mx) * (y[n] - my));
      const length = (v: number[], m: number) => Math.hypot(...v.map((one) => one - m));
      return products.reduce((sum, one) => sum + one, 0) / length(x, mx) / length(y, my);
    };
    const plain = Math.max(correlation(grey(a), grey(b)), correlation(grey(a), mirrored(b)));
    const found = likeness(of(a), of(b));
    expect(found).toBeGreaterThanOrEqual(plain - 1e-5);
    expect(found).toBeLessThan(0.7);
    expect(likeness(of(b), of(a))).toBeCloseTo(found, 5);
    // Without windows, as 27 x 27 are not resized: the sketch holds that very correlation.
    const dot = [...of(a).whole].reduce((sum, x, n) => sum + x * of(b).whole[n], 0);
    expect(dot).toBeCloseTo(correlation(grey(a), grey(b)), 5);
  });

  it('of one colour alone: alike among themselves, unlike all else', () => {
    const [white, grey] = [of(picture(9, 9, () => 1)), of(picture(20, 5, () => 0.4))];
    expect(likeness(white, grey)).toBe(1);
    expect(likeness(white, whole)).toBe(0);
    expect(
      of(
        resizeTriangle(
          picture(9, 9, () => 1),
          3,
          3,
        ),
      ).whole.every((x) => x === 0),
    ).toBe(true);
  });
});
