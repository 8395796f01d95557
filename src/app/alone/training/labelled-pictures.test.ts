import { describe, expect, it } from 'vitest';
import { labelledPictures } from './labelled-pictures.ts';

const image = (id: string, number: number) => ({ id, file: new Blob([]), vector: Float32Array.of(number, 1) });
/** So many class folders of so many pictures, and one picture that is in none. */
const pictures = (classes: number, each: number) => [
  image('alone.png', -1),
  ...Array.from({ length: classes * each }, (_, number) =>
    image(`class ${Math.floor(number / each)}/${number % each}.png`, number),
  ),
];

describe('labelledPictures', () => {
  it('keeps whole classes aside where there are many', () => {
    const { images, labels, train, heldOut, by } = labelledPictures(pictures(20, 4), 1);
    expect([images.length, by, heldOut.length]).toEqual([80, 'class', 16]);
    const learnt = new Set(train.map((place) => labels[place]));
    expect(heldOut.some((place) => learnt.has(labels[place]))).toBe(false);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual(images.map((_, place) => place));
  });

  it('keeps pictures of each class aside where there are few, never one whose twin is learnt from', () => {
    const given = pictures(4, 10);
    const twins = given.map((one, place) => (place === 2 ? { ...one, vector: given[1].vector } : one));
    const { labels, train, heldOut, by } = labelledPictures(twins, 1);
    expect(by).toBe('image');
    expect(heldOut.length).toBeGreaterThanOrEqual(6);
    expect(new Set(train.map((place) => labels[place])).size).toBe(4);
    expect(heldOut.filter((place) => place < 2)).toEqual([]);
  });

  it('refuses pictures without two classes of two, saying what to give', () => {
    expect(() => labelledPictures([image('a/1.png', 1), image('a/2.png', 2), image('b/1.png', 3)], 1)).toThrow(
      /^of 3 pictures 1 class folders have two or more.*give a folder that has a folder for each class/,
    );
  });
});
