import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset, unreadableSource } from '../../../test/fixtures/pixel-dataset.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import type { ImageDataset, ImageSource } from '../../pictures/datasets/dataset.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { batchSource } from './batch-source.ts';
import { type DataOptions, prepareData, type TrainingData } from './training-data.ts';

const preprocessing = preprocessingRule(8, 8);
const nothing = { share: 0, by: 'image' } as const;

const prepare = (dataset: ImageDataset, heldOut: TrainingConfig['heldOut'] = nothing, options: DataOptions = {}) =>
  prepareData(dataset, { preprocessing, heldOut, seed: 5 }, options);

/** Every triplet of a few epochs, as places in the dataset. */
function drawnTriplets({ material, train }: TrainingData, count: number): Triplet[] {
  const source = batchSource(material, { kind: 'triplets', triplets: 1 }, 1);
  const rows = Array.from({ length: count }, () => source.next().map((image) => train[image]));
  return rows.map(([query, positive, negative]) => ({ query, positive, negative }));
}

describe('prepareData', () => {
  it('leaves unreadable images and images of no class out of training, and says which', async () => {
    const labels = [0, 0, 0, 1, 1, 1, undefined];
    const dataset = pixelDataset(labels, { sources: { 1: unreadableSource, 5: unreadableSource } });
    const seen: number[] = [];
    const data = await prepare(dataset, nothing, { onProgress: ({ done }) => seen.push(done) });
    expect(data.train).toEqual([0, 2, 3, 4]);
    expect(data.unreadable.map(({ index, id }) => [index, id])).toEqual([
      [1, '0/1.png'],
      [5, '1/5.png'],
    ]);
    expect(data.withoutClass).toBe(1);
    expect([...data.labels]).toEqual([0, 0, 0, 1, 1, 1, -1]);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const { query, positive, negative } of drawnTriplets(data, 40)) {
      expect([0, 2, 3, 4]).toEqual(expect.arrayContaining([query, positive, negative]));
      expect(labels[query]).toBe(labels[positive]);
      expect(labels[query]).not.toBe(labels[negative]);
    }
  });

  it('never makes query and positive of pictures that look the same, and counts what gives negatives only', async () => {
    const plain = pixelDataset([0, 0, 0, 0, 1, 1, 2, 3, 3]);
    const [first, , , , , , , eighth] = plain.images;
    // 0, 1 and 2 are one picture; 7 and 8 too, so that class 3 has one look; 6 is alone in its class.
    const copies: Record<number, ImageSource> = { 1: first.source, 2: first.source, 8: eighth.source };
    const data = await prepare(pixelDataset([0, 0, 0, 0, 1, 1, 2, 3, 3], { sources: copies }));
    expect(data.negativesOnly).toBe(3);
    const triplets = drawnTriplets(data, 300);
    const pairs = new Set(triplets.map(({ query, positive }) => `${query} ${positive}`));
    expect([...pairs].sort()).toEqual(['0 3', '1 3', '2 3', '3 0', '3 1', '3 2', '4 5', '5 4']);
    expect(new Set(triplets.map(({ negative }) => negative)).size).toBe(9);
  });

  it('holds out whole classes or images of each, the same for the same seed, and trains on the rest', async () => {
    const many = pixelDataset(evenClasses(24, 3));
    const byClass = await prepare(many, { share: 0.25, by: 'class' });
    expect(byClass.heldOut).toHaveLength(18);
    expect([...byClass.train, ...byClass.heldOut].sort((a, b) => a - b)).toEqual(many.images.map((_, place) => place));
    const heldClasses = new Set(byClass.heldOut.map((place) => byClass.labels[place]));
    expect(heldClasses.size).toBe(6);
    expect(byClass.train.some((place) => heldClasses.has(byClass.labels[place]))).toBe(false);
    expect((await prepare(many, { share: 0.25, by: 'class' })).heldOut).toEqual(byClass.heldOut);

    const few = await prepare(pixelDataset(evenClasses(5, 8)), { share: 0.25, by: 'image' });
    expect(few.heldOut).toHaveLength(10);
    expect(new Set(few.train.map((place) => few.labels[place])).size).toBe(5);
  });

  it('keeps the triplets that can be learnt, and holds queries out', async () => {
    const dataset = pixelDataset(new Array(12).fill(undefined), { sources: { 3: unreadableSource } });
    const copied: ImageDataset = {
      ...dataset,
      images: dataset.images.map((image, place) =>
        place === 5 ? { ...image, source: dataset.images[4].source } : image,
      ),
    };
    const triplet = (query: number, positive: number, negative: number): Triplet => ({ query, positive, negative });
    const triplets = [
      triplet(0, 1, 2),
      triplet(0, 3, 2),
      triplet(3, 1, 2),
      triplet(0, 1, 3),
      triplet(4, 5, 0),
      triplet(6, 7, 8),
      triplet(6, 8, 7),
      triplet(8, 9, 0),
      triplet(2, 1, 5),
    ];
    const all = await prepare(copied, nothing, { triplets });
    expect(all.tripletsLeftOut).toBe(4);
    expect(all.train).toEqual([0, 1, 2, 5, 6, 7, 8, 9]);
    const learnt = new Set(drawnTriplets(all, 5).map((t) => `${t.query} ${t.positive} ${t.negative}`));
    expect([...learnt].sort()).toEqual(['0 1 2', '2 1 5', '6 7 8', '6 8 7', '8 9 0']);

    const held = await prepare(copied, { share: 0.5, by: 'image' }, { triplets });
    const queries = new Set<number>(held.heldOutTriplets.map(({ query }) => query));
    expect(queries.size).toBe(2);
    const left = drawnTriplets(held, 20);
    expect(left.some(({ query }) => queries.has(query))).toBe(false);
    expect(held.heldOutTriplets.length + new Set(left.map((t) => `${t.query} ${t.positive}`)).size).toBe(5);
    expect(held.heldOut).toEqual([]);
  });

  it('has a hash of names, classes, pixels and triplets', async () => {
    const labels = evenClasses(3, 3);
    const hash = async (dataset: ImageDataset, options: DataOptions = {}) =>
      (await prepare(dataset, nothing, options)).hash;
    const plain = pixelDataset(labels);
    const own = await hash(plain);
    expect(await hash(pixelDataset(labels))).toBe(own);
    expect(await hash({ ...plain, root: 'elsewhere' })).toBe(own);
    expect(await hash(pixelDataset(labels, { sources: { 0: plain.images[1].source } }))).not.toBe(own);
    expect(await hash({ ...plain, classes: ['a', 'b', 'c'] })).not.toBe(own);
    const renamed = plain.images.map((image, place) => (place === 0 ? { ...image, id: 'x.png' } : image));
    expect(await hash({ ...plain, images: renamed })).not.toBe(own);
    const triplets = [{ query: 0, positive: 1, negative: 3 }];
    const listed = await hash(plain, { triplets });
    expect(listed).not.toBe(own);
    expect(await hash(plain, { triplets: [{ query: 1, positive: 0, negative: 3 }] })).not.toBe(listed);
  });

  it('refuses what no triplet can be made of', async () => {
    await expect(prepare(pixelDataset([0, 0, 0]))).rejects.toThrow("training on 'memory': 3 images in 1 classes");
    await expect(prepare(pixelDataset([0, 1, 2]))).rejects.toThrow('no class has two different images');
    const sources = { 0: unreadableSource };
    const triplets = [{ query: 0, positive: 1, negative: 2 }];
    await expect(prepare(pixelDataset([0, 0, 1], { sources }), nothing, { triplets })).rejects.toThrow(
      "none of the 1 triplets in 'memory' can be learnt from",
    );
    const none = pixelDataset([0, 0, 1], { sources: { ...sources, 1: unreadableSource, 2: unreadableSource } });
    await expect(prepare(none)).rejects.toThrow(
      "none of the 3 images in 'memory' can be read; the first, '0/0.png': there is no such file",
    );
  });

  it('stops looking when it is told to', async () => {
    const stop = new AbortController();
    const options = {
      signal: stop.signal,
      onProgress: ({ done }: Progress) => {
        if (done === 3) stop.abort(new Error('enough'));
      },
    };
    await expect(prepare(pixelDataset(evenClasses(4, 20)), nothing, options)).rejects.toThrow('enough');
  });
});

describe('a leak-proof held-out part', () => {
  it('has no picture whose copy is trained on, and says how many were moved', async () => {
    const labels = evenClasses(8, 4);
    const plain = pixelDataset(labels, { size: 32 });
    const rule = preprocessingRule(32, 32);
    const config = { preprocessing: rule, heldOut: { share: 0.5, by: 'class' }, seed: 3 } as const;
    const before = await prepareData(plain, config);
    expect(before.movedToTraining).toBe(0);
    // A copy of a trained picture, brightened by one of 255, among those of a class that is held out.
    const [trained] = before.train;
    const [held] = before.heldOut;
    const source = plain.images[trained].source;
    if (source.kind !== 'pixels') throw new Error('pictures of this dataset are pixels');
    const copy = { ...source, data: source.data.map((value) => Math.min(255, value + 1)) };
    const dataset = pixelDataset(labels, { size: 32, sources: { [held]: copy } });
    const leaking = await prepareData(dataset, config);
    expect(leaking.heldOut).toEqual(before.heldOut);
    const { heldOut, train, movedToTraining } = await prepareData(dataset, {
      ...config,
      heldOut: { ...config.heldOut, leakProof: true },
    });
    const moved = before.heldOut.filter((place) => labels[place] === labels[held]);
    expect(moved).toHaveLength(4);
    expect(movedToTraining).toBe(4);
    expect(heldOut).toEqual(before.heldOut.filter((place) => !moved.includes(place)));
    expect(train).toEqual([...before.train, ...moved].sort((a, b) => a - b));
  });
});
