import { valueLike } from '../../foundation/arguments/argument-rule.ts';
import type { ImageDataset } from './dataset.ts';

/** What a data set has to be that somebody gives. */
export const datasetRule = valueLike<ImageDataset>(
  'a data set',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['images', 'classes'].every((name) => Array.isArray((value as Readonly<Record<string, unknown>>)[name])),
  'await loadDataset(path) gives one',
);
