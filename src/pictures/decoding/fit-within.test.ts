import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitWithin } from './fit-within.ts';

const sides = (most: number) =>
  fc.record({ width: fc.integer({ min: 1, max: most }), height: fc.integer({ min: 1, max: most }) });

describe('fitWithin', () => {
  it.each([
    [
      { width: 400, height: 300 },
      { width: 100, height: 75 },
    ],
    [
      { width: 300, height: 400 },
      { width: 75, height: 100 },
    ],
    [
      { width: 100, height: 100 },
      { width: 100, height: 100 },
    ],
    [
      { width: 28, height: 14 },
      { width: 28, height: 14 },
    ],
    [
      { width: 10_000, height: 1 },
      { width: 100, height: 1 },
    ],
  ])('fits %o into 100 x 100', (picture, fitted) => {
    expect(fitWithin(picture, { width: 100, height: 100 })).toEqual(fitted);
  });

  it('keeps the shape to half a pixel, stays within the box and enlarges nothing', () => {
    fc.assert(
      fc.property(sides(5000), sides(300), (picture, box): void => {
        const fitted = fitWithin(picture, box);
        for (const side of ['width', 'height'] as const) {
          expect(fitted[side]).toBeLessThanOrEqual(Math.min(box[side], picture[side]));
          expect(fitted[side]).toBeGreaterThanOrEqual(1);
        }
        if (picture.width <= box.width && picture.height <= box.height) {
          expect(fitted).toEqual(picture);
          return;
        }
        // One side fills the box; the other follows from the picture's shape.
        const [full, free] =
          fitted.width === box.width ? (['width', 'height'] as const) : (['height', 'width'] as const);
        expect(fitted[full]).toBe(box[full]);
        const exact = (box[full] * picture[free]) / picture[full];
        const off = Math.abs(fitted[free] - exact);
        const other = Math.abs(fitted[full] - (box[free] * picture[full]) / picture[free]);
        expect(Math.min(off, other) <= 0.5 + 1e-9 || fitted[free] === 1 || fitted[full] === 1).toBe(true);
      }),
    );
  });
});
