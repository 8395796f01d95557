import { describe, expect, it } from 'vitest';
import { classOf, comparedVectors, LocalCatalogue } from './local-catalogue.ts';

/** Unit vectors at angles, in degrees, from the first axis. */
const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
const angles = { 'cats/1.png': 0, 'cats/2.png': 30, 'dogs/1.png': 80, 'dogs/deep/2.png': 50, 'alone.png': 10 };
const euclidean = { distance: 'euclidean' } as const;
const all = { k: 10, offset: 0, where: undefined };

function catalogue(): LocalCatalogue {
  const made = new LocalCatalogue();
  for (const [id, angle] of Object.entries(angles)) made.put({ id, file: new Blob([]), vector: at(angle) });
  return made;
}

describe('LocalCatalogue', () => {
  it('finds the nearest first, by chords of the angles between', () => {
    const { images, by } = catalogue().search(at(0), all, euclidean);
    expect(by).toBe('euclidean');
    expect(images.map(({ id }) => id)).toEqual([
      'cats/1.png',
      'alone.png',
      'cats/2.png',
      'dogs/deep/2.png',
      'dogs/1.png',
    ]);
    for (const { id, distance, alike } of images) {
      const angle = (angles[id as keyof typeof angles] * Math.PI) / 180;
      expect(distance).toBeCloseTo(2 * Math.sin(angle / 2), 5);
      expect(alike).toBeNull();
    }
  });

  it('gives the page that is asked for', () => {
    const { images } = catalogue().search(at(0), { ...all, k: 2, offset: 1 }, euclidean);
    expect(images.map(({ id }) => id)).toEqual(['alone.png', 'cats/2.png']);
  });

  it('is narrowed by conditions on class folders and names', () => {
    const ids = (where: string) =>
      catalogue()
        .search(at(90), { ...all, where }, euclidean)
        .images.map(({ id }) => id);
    expect(ids("class = 'cats'")).toEqual(['cats/2.png', 'cats/1.png']);
    expect(ids("not class = 'cats' and id != 'alone.png'")).toEqual(['dogs/1.png', 'dogs/deep/2.png']);
    expect(() => ids('colour = 3')).toThrow(/colour/);
  });

  it('takes a picture of the same name in place of the one before', () => {
    const made = catalogue();
    made.put({ id: 'cats/1.png', file: new Blob([]), vector: at(45) });
    expect(made.images).toHaveLength(5);
    expect(made.vectorOf('cats/1.png')).toEqual(at(45));
    expect(() => made.vectorOf('cats/9.png')).toThrow(
      "there is no picture 'cats/9.png' in this page: give it to the page first",
    );
  });

  it('knows classes by folders, and what could not be read', () => {
    const made = catalogue();
    made.refuse('cats/2.png', 'it is empty');
    expect(made.describe()).toEqual({
      images: 4,
      classes: [
        { name: 'cats', images: 1 },
        { name: 'dogs', images: 1 },
        { name: 'dogs/deep', images: 1 },
      ],
      examples: ['cats/1.png', 'dogs/1.png', 'dogs/deep/2.png', 'alone.png'],
      unreadable: [{ id: 'cats/2.png', reason: 'it is empty' }],
    });
    expect(['a.png', 'a/b.png', 'a/b/c.png'].map(classOf)).toEqual(['', 'a', 'a/b']);
  });

  it('compares two vectors by the distance of the model and by their cosine', () => {
    const { distance, similarity, by, alike } = comparedVectors(at(0), at(60), euclidean);
    expect([distance, similarity]).toEqual([expect.closeTo(1, 5), expect.closeTo(0.5, 5)]);
    expect([by, alike]).toEqual(['euclidean', null]);
  });
});
