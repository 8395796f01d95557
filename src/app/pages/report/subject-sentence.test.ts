import { expect, it } from 'vitest';
import { subjectSentence } from './subject-sentence.ts';

const date = new Date(2026, 0, 5, 23, 59);

it.each([
  [
    { pictures: 1260, classes: 180 },
    { pictures: 140, classes: 20 },
    '1,260 pictures of 180 classes, 140 of 20 classes kept from training.',
  ],
  [{ pictures: 1, classes: 1 }, { pictures: 0, classes: 0 }, '1 picture of 1 class, none kept from training.'],
  [{ pictures: 50, classes: 0 }, { pictures: 6, classes: 0 }, '50 pictures, 6 kept from training.'],
])('says date, pictures and classes: %o, %o', (all, heldOut, sentence) => {
  expect(subjectSentence({ date, all, heldOut })).toBe(`2026-01-05. ${sentence}`);
});
