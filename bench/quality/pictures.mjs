import path from 'node:path';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { loadDataset, splitByClassHash } from '../../dist/index.js';
import { selectClasses } from '../../dist/pictures/datasets/select-classes.js';

/**
 * The pictures to learn from and those to be judged on.
 *
 * Emoji are drawn into `work` (or found there): concepts sorted by the SHA-1 of their names, the first half to learn from, the
 * second, unseen, to be judged on. A folder of IDX files comes divided.
 *
 * @param {'emoji' | 'folder'} kind
 * @param {string | undefined} folder
 * @param {string} work
 */
export async function loadPictures(kind, folder, work) {
  if (kind === 'folder') {
    if (folder === undefined) throw new Error('this recipe needs the folder of its pictures: give it with --folder');
    return { train: await loadDataset(folder, { part: 'train' }), test: await loadDataset(folder, { part: 'test' }) };
  }
  if (folder !== undefined) throw new Error('this recipe draws its pictures itself: leave --folder out');
  const emoji = path.join(work, 'emoji');
  await emojiPictures(emoji);
  const dataset = await loadDataset(emoji);
  const split = splitByClassHash(dataset.classes);
  return { train: selectClasses(dataset, split.train), test: selectClasses(dataset, split.test) };
}

/** Fifths of the concepts. */
const folds = 5;

/**
 * The pictures that a recipe may be chosen on, divided anew: a fifth of their classes, counted from the last by the SHA-1 of
 * their names, to be judged on, and the rest to learn from.
 *
 * @param {import('../../dist/index.js').ImageDataset} dataset
 * @param {number} fold
 */
export function foldOf(dataset, fold) {
  if (fold >= folds) throw new Error(`there are folds 0 to ${folds - 1}, got ${fold}`);
  const { train, test } = splitByClassHash(dataset.classes);
  const names = [...train, ...test];
  const place = (number) => Math.floor((names.length * number) / folds);
  const [first, end] = [place(folds - 1 - fold), place(folds - fold)];
  return {
    train: selectClasses(dataset, [...names.slice(0, first), ...names.slice(end)]),
    test: selectClasses(dataset, names.slice(first, end)),
  };
}
