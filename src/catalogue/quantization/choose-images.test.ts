import { describe, expect, it } from 'vitest';
import type { ImageDataset, ImageSource } from '../../pictures/datasets/dataset.ts';
import { chooseImages } from './choose-images.ts';

function dataset(count: number, labelled = true): ImageDataset {
  const images = Array.from({ length: count }, (_, place) => ({
    id: `${place}`,
    source: { kind: 'file', path: `${place}.png` } as const,
    label: labelled ? place % 5 : undefined,
  }));
  return { root: '/pictures', layout: 'flat-folder', images, classes: ['a', 'b', 'c', 'd', 'e'] };
}
const names = (sources: readonly ImageSource[]) => sources.map((source) => source.kind === 'file' && source.path);

describe('chooseImages', () => {
  it('draws at most a quarter to calibrate on and judges on all others', () => {
    const { calibration, judged } = chooseImages(dataset(40), 256, 0, undefined);
    expect(calibration).toHaveLength(10);
    const all = [...names(calibration), ...names(judged.map(({ source }) => source))];
    expect([...new Set(all)].length).toBe(40);
    for (const { source, label } of judged) expect(label).toBe(Number.parseInt(`${names([source])[0]}`, 10) % 5);
  });

  it('draws as many as asked for, and others for another seed', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => names(chooseImages(dataset(400), 20, seed, undefined).calibration));
    expect(a).toHaveLength(20);
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
  });

  it('judges on all of another dataset, and then needs no labels to calibrate', () => {
    const { calibration, judged } = chooseImages(dataset(12, false), 100, 0, dataset(7));
    expect([calibration.length, judged.length]).toEqual([12, 7]);
  });

  it('refuses a single image, of which nothing is left to judge on, unless others are named', () => {
    expect(() => chooseImages(dataset(1), 256, 0, undefined)).toThrow(
      "quantising takes pictures to calibrate on and other, labelled ones to judge on, but '/pictures' has only 1: add " +
        'pictures, in one folder a class, or name labelled images with options.judge',
    );
    expect(chooseImages(dataset(1), 256, 0, dataset(4)).judged).toHaveLength(4);
    expect(() => chooseImages(dataset(1), 256, 0, dataset(0))).toThrow(
      "there is no image in '/pictures' to judge on, so it cannot be measured whether Recall@1 falls: give labelled images",
    );
  });

  it('refuses images without classes, and no images', () => {
    expect(() => chooseImages(dataset(8, false), 4, 0, undefined)).toThrow(
      "none of the 6 images in '/pictures' to judge on has a class, so it cannot be measured whether Recall@1 falls: put " +
        'them into one folder a class, or name labelled images with options.judge',
    );
    expect(() => chooseImages(dataset(0), 4, 0, dataset(4))).toThrow(
      "there is no image in '/pictures' to calibrate on",
    );
  });
});
