import { z } from 'zod';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import {
  augmentationNames,
  augmentationPresets,
  augmentationSettingsSchema,
} from '../../../pictures/augmentation/augmentation.ts';
import { rowsOf } from '../step/batch-config.ts';
import { defineSetting } from './define-setting.ts';

const group = 'Loss and sampling';

/** What goes through the network in a step. */
export const batchSettings = {
  /** Images through the network a step. */
  rows: defineSetting({
    schema: z.int().min(3).max(65_536),
    byPreset: ({ batch }) => rowsOf(batch),
    option: {
      group,
      value: 'n',
      elsewhere: ['batch-size', 'batch', 'b'],
      help: 'images through the network a step',
    },
    // Few pictures make a batch smaller than was asked for.
    startedWith: ({ batch }, given) => (batch.kind === 'classes' && rowsOf(batch) < given ? given : rowsOf(batch)),
  }),
  /** Images of each class in a batch of classes. */
  imagesPerClass: defineSetting({
    schema: z.int().min(2).max(4096),
    byPreset: ({ batch }) => ('imagesPerClass' in batch ? batch.imagesPerClass : undefined),
    option: {
      group,
      value: 'n',
      elsewhere: ['samples-per-class', 'instances'],
      help: 'images of each class in a batch of classes',
    },
    startedWith: ({ batch }, given) => (batch.kind === 'triplets' ? 'none' : Math.max(batch.imagesPerClass, given)),
  }),
  /** Which random changes training pictures go through. Default: the preset's. */
  augmentation: defineSetting({
    schema: augmentationSettingsSchema,
    byPreset: ({ augmentation }) => augmentationNames.find((name) => augmentationPresets[name] === augmentation),
    option: {
      group,
      value: 'name',
      elsewhere: ['augment', 'aug', 'augmentations'],
      help: alternatives(augmentationNames),
    },
    startedWith: ({ augmentation }) => augmentation,
  }),
};
