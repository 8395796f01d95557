import { expect, it } from 'vitest';
import { goneFolders } from './gone-folders.ts';

it('names the outermost folders that hold nothing any more', () => {
  const vanished = ['a/1', 'a/b/2', 'a/b/3', 'c/d/4', 'c/e/5', 'loose', 'ab/6'];
  expect(goneFolders(vanished, ['a/7', 'other'])).toEqual([
    { folder: 'a/b', images: 2 },
    { folder: 'ab', images: 1 },
    { folder: 'c', images: 2 },
  ]);
  expect(goneFolders(vanished, ['a/b/x/8', 'c/e/9', 'ab/10'])).toEqual([{ folder: 'c/d', images: 1 }]);
  expect(goneFolders([], ['a/1'])).toEqual([]);
});
