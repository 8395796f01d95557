import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { borderColour, coveredPictures } from './covered-pictures.ts';
import { coveringHeat } from './coverings.ts';
import { occlusion, rankCorrelation } from './occlusion.ts';

const side = 14;
const bytes = side * side * 3;

/** Of 7 x 7 places two pixels a side nine add to the likeness, and four take from it. */
const [adding, taking] = [
  [2, 3, 4, 9, 10, 11, 16, 17, 18],
  [36, 37, 43, 44],
];
const worths: number[] = Array.from({ length: 49 }, (_, place) =>
  adding.includes(place) ? 2 : taking.includes(place) ? -1 : 0,
);

/** An embedding of one number: the sum of what is worth something and dark. */
function embed(pixels: Uint8Array): Promise<Float32Array> {
  const rows = Array.from({ length: pixels.length / bytes }, (_, row) => {
    const data = pixels.subarray(row * bytes, (row + 1) * bytes);
    return worths.reduce((sum, worth, place) => {
      const [x, y] = [2 * (place % 7), 2 * Math.floor(place / 7)];
      return data[(y * side + x) * 3] < 128 ? sum + worth : sum;
    }, 0);
  });
  return Promise.resolve(Float32Array.from(rows));
}

/** A dark picture with a bright border. */
const picture = {
  width: side,
  height: side,
  data: Uint8Array.from({ length: bytes }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    return x === 0 || y === 0 || x === side - 1 || y === side - 1 ? 250 : 10;
  }),
};

describe('coveringHeat', () => {
  it('finds the places that add to the likeness and those that take from it, and most of how much', async () => {
    const heat = await coveringHeat(picture, Float32Array.of(1), embed);
    expect([heat.width, heat.height]).toEqual([side, side]);
    const at = (place: number) => heat.data[2 * Math.floor(place / 7) * side + 2 * (place % 7)];
    const values = worths.map((_, place) => at(place));
    expect(adding).toContain(values.indexOf(Math.max(...values)));
    expect(taking).toContain(values.indexOf(Math.min(...values)));
    // 9 x 2 - 4 x 1, less what ridge regression shrinks.
    const sum = heat.data.reduce((total, value) => total + value, 0);
    expect(sum).toBeGreaterThan(5);
    expect(sum).toBeLessThan(16);
    const covered = await occlusion(picture, Float32Array.of(1), embed);
    const [found, lost] = [covered.map(({ sumOf }) => sumOf(heat)), covered.map(({ loss }) => loss)];
    expect(rankCorrelation(found, lost)).toBeGreaterThan(0.9);
  });

  it('is the least squares of losses by what was covered, with a penalty: no other heat is nearer', async () => {
    // Of 7 x 7 pixels each is a place, so that what was covered can be read from the pictures.
    const random = RandomSource.fromSeed(4, 'a picture');
    const small = { width: 7, height: 7, data: Uint8Array.from({ length: 147 }, () => random.integer(256)) };
    const colour = borderColour(small);
    const [covered, losses]: [boolean[][], number[]] = [[], []];
    const heat = await coveringHeat(small, Float32Array.of(1), async (pixels) => {
      for (let first = 147; first < pixels.length; first += 147) {
        covered.push(worths.map((_, place) => colour.every((value, at) => pixels[first + 3 * place + at] === value)));
        losses.push(random.normal());
      }
      return Float32Array.of(0, ...losses.map((loss) => -loss));
    });
    expect(covered).toHaveLength(64);
    expect(covered.every((row) => row.some(Boolean) && !row.every(Boolean))).toBe(true);
    const off = covered.map((row, at) =>
      row.reduce((sum, is, place) => (is ? sum + heat.data[place] : sum), -losses[at]),
    );
    for (const [place, value] of heat.data.entries()) {
      const slope = covered.reduce((sum, row, at) => (row[place] ? sum + off[at] : sum), value);
      expect(Math.abs(slope)).toBeLessThan(1e-4);
    }
  });

  it('is nothing where covering changes nothing, and the same every time', async () => {
    const still = await coveringHeat(picture, Float32Array.of(0), embed);
    expect(still.data.every((value) => Math.abs(value) === 0)).toBe(true);
    const [one, other] = [
      await coveringHeat(picture, Float32Array.of(1), embed),
      await coveringHeat(picture, Float32Array.of(1), embed),
    ];
    expect(one.data).toEqual(other.data);
  });
});

describe('coveredPictures', () => {
  it('covers what it is told to with the colour of the border, and nothing else', () => {
    const colour = borderColour(picture);
    expect(colour).toEqual([250, 250, 250]);
    const parts = [
      { x: 3, y: 4, width: 2, height: 1 },
      { x: 9, y: 9, width: 1, height: 3 },
    ];
    const copies = coveredPictures(picture, [[], parts]);
    expect(copies.subarray(0, bytes)).toEqual(picture.data);
    const changed = [...copies.subarray(bytes)].flatMap((value, at) =>
      value === picture.data[at] || at % 3 > 0 ? [] : [`${Math.floor(at / 3) % side},${Math.floor(at / 3 / side)}`],
    );
    expect(changed).toEqual(['3,4', '4,4', '9,9', '9,10', '9,11']);
  });
});
