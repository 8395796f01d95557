import { expect, it } from 'vitest';
import { type EvaluatedPart, findLeakage } from './leakage.ts';

const part = (prefix: string, looks: Readonly<Record<number, string>>): EvaluatedPart => ({
  images: Object.keys(looks).map(Number),
  digests: new Map(Object.entries(looks).map(([image, look]) => [Number(image), look])),
  idOf: (image) => `${prefix}${image}`,
});
const trained = part('train/', { 0: 'x', 1: 'y', 2: 'x', 3: 'w' });

it('names judged pictures that are trained on, each once, with the first that it equals', () => {
  const judged = part('test/', { 0: 'x', 1: 'v', 2: 'u', 5: 'y' });
  const near = [
    { judged: 0, trained: 2 },
    { judged: 2, trained: 3 },
  ];
  const found = findLeakage(trained, judged, near, "pictures in 'test'");
  expect(found?.seen).toBe(
    "3 of 4 pictures in 'test' (75%) look like one that is trained on: 2 the same, 1 nearly the same.",
  );
  expect(found?.numbers).toEqual({ identical: 2, nearlyIdentical: 1, judged: 4, share: 0.75 });
  expect(found?.images).toEqual([
    { ids: ['test/0', 'train/0'], note: 'the same picture; the second is trained on' },
    { ids: ['test/2', 'train/3'], note: 'nearly the same picture; the second is trained on' },
    { ids: ['test/5', 'train/1'], note: 'the same picture; the second is trained on' },
  ]);
});

it('gives no alarm at different pictures, copies among the judged ones, and nothing to judge', () => {
  expect(findLeakage(trained, part('t', { 7: 'q', 8: 'q' }), [], 'x')).toBeUndefined();
  expect(findLeakage(trained, part('t', {}), [], 'x')).toBeUndefined();
});
