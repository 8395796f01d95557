import { describe, expect, it } from 'vitest';
import { pixelOf, pointAt, pointsWithin, pointsWithRoom, seenPoints, wholeView } from './map-view-port.ts';
import { viewAfterKey } from './view-after-key.ts';

const size = { width: 800, height: 500 };
/** A grid of 11 x 11 places from -1 to 1. */
const places = Float32Array.from({ length: 242 }, (_, at) => {
  const point = Math.floor(at / 2);
  return (at % 2 === 0 ? point % 11 : Math.floor(point / 11)) / 5 - 1;
});
const all = Array.from({ length: 121 }, (_, point) => point);

describe('what is looked at', () => {
  it('is all of the map at first, in its middle', () => {
    const view = wholeView(size);
    expect(seenPoints(places, view, size)).toEqual(all);
    expect(pixelOf(0, 0, view, size)).toEqual([400, 250]);
    const [, top] = pixelOf(0, 1, view, size);
    expect(top).toBeCloseTo(36, 6);
  });

  it('has those points in sight whose pixels are on the map', () => {
    const view = { x: 0.31, y: -0.42, zoom: 9.3 };
    const within = all.filter((point) => {
      const [x, y] = pixelOf(places[2 * point], places[2 * point + 1], view, size);
      return x >= 0 && x <= size.width && y >= 0 && y <= size.height;
    });
    expect(within.length).toBeGreaterThan(3);
    expect(within.length).toBeLessThan(60);
    expect(seenPoints(places, view, size)).toEqual(within);
  });

  it('moves and zooms by keys, and says of other keys that they do nothing', () => {
    const view = wholeView(size);
    const right = viewAfterKey('ArrowRight', view, size)!;
    expect(pixelOf(0, 0, right, size)[0]).toBeCloseTo(400 - 0.15 * 800, 6);
    const up = viewAfterKey('ArrowUp', view, size)!;
    expect(pixelOf(0, 0, up, size)[1]).toBeCloseTo(250 + 0.15 * 500, 6);
    expect(viewAfterKey('+', view, size)!.zoom).toBe(view.zoom + 0.5);
    expect(viewAfterKey('0', right, size)).toEqual(view);
    expect(viewAfterKey('a', view, size)).toBeUndefined();
  });
});

describe('points', () => {
  it('are within a line as counting says, also where it crosses itself', () => {
    const view = wholeView(size);
    const square = [-0.5, 0.5].flatMap((x) => [pixelOf(x, x, view, size), pixelOf(x, -x, view, size)]);
    const inside = all.filter((point) => Math.abs(places[2 * point]) < 0.5 && Math.abs(places[2 * point + 1]) < 0.5);
    expect(pointsWithin(places, square, view, size)).toEqual(inside);
    const bow = [
      [-0.5, -0.5],
      [0.5, 0.5],
      [0.5, -0.5],
      [-0.5, 0.5],
    ].map(([x, y]) => pixelOf(x, y, view, size));
    const inBow = inside.filter((point) => Math.abs(places[2 * point + 1]) < Math.abs(places[2 * point]) - 1e-6);
    const found = pointsWithin(places, bow, view, size);
    for (const point of inBow) expect(found).toContain(point);
    for (const point of found) expect(inside).toContain(point);
    expect(found).not.toContain(60 + 22);
  });

  it('are found at a pixel near them, the nearest of several', () => {
    const view = wholeView(size);
    const [x, y] = pixelOf(places[14], places[15], view, size);
    expect(pointAt(places, [x + 5, y - 3], view, size, 12)).toBe(7);
    expect(pointAt(places, [x + 20, y + 20], view, size, 12)).toBeUndefined();
  });

  it('have room for a picture where no other is in the same square', () => {
    const view = wholeView(size);
    const some = pointsWithRoom(places, all, view, 92, 1000);
    const squares = some.map((point) =>
      [0, 1].map((axis) => Math.floor((places[2 * point + axis] * 2 ** view.zoom) / 92)).join(' '),
    );
    expect(new Set(squares).size).toBe(some.length);
    expect(some.length).toBeGreaterThan(15);
    expect(pointsWithRoom(places, all, view, 92, 5)).toEqual(some.slice(0, 5));
  });
});
