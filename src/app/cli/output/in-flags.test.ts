import { describe, expect, it } from 'vitest';
import { trainingChoicesSchema } from '../../../training/configuration/training-choices-schema.ts';
import { trunkChoicesSchema } from '../../../training/configuration/trunk-choices-schema.ts';
import { optionKey } from '../command.ts';
import { trainOptions } from '../options/training/train-options.ts';
import { inFlags } from './in-flags.ts';

describe('inFlags', () => {
  it.each([
    ['choices.rows: 7 was given, but', '--rows 7 was given, but'],
    ['a lower choices.learningRate (now 0.01)', 'a lower --learning-rate (now 0.01)'],
    ['choices.learningRate: 1e-3.', '--learning-rate 1e-3.'],
    ['more steps: choices.steps: 60.', 'more steps: --steps 60.'],
    ["use choices.loss: 'semi-hard', or", 'use --loss semi-hard, or'],
    ["choices.trunk.freeze: 'a b'", "--freeze 'a b'"],
    ['choices.trunk.cutChannels, counted from 0', '--cut-channels, counted from 0'],
    ['choices.embeddingDimension: 31', '--dimension 31'],
    ['choices.nesterov: false was given', '--no-nesterov was given'],
    ['choices.batchNormalization: true was given', '--batch-normalization was given'],
    ['choices.lossSettings.alpha: 2 was given', '--loss-settings alpha=2 was given'],
    ['a larger choices.lossSettings.epsilon (now 0.1)', 'a larger --loss-settings epsilon=… (now 0.1)'],
    ['choices.rows: a whole number is expected', '--rows: a whole number is expected'],
    ['continue it with options.resume: true, or', 'continue it with --resume, or'],
    ['allow more with options.memoryBytes', 'allow more with --memory'],
    ["there is no image in 'choices.csv'", "there is no image in 'choices.csv'"],
    ['three choices. rows: 7', 'three choices. rows: 7'],
  ])('says %j as %j', (text, flags) => expect(inFlags(text)).toBe(flags));

  it('gives every choice a flag that the command has', () => {
    const keys = new Set(trainOptions.map(({ flags }) => optionKey(flags)));
    // What the command line decides itself: nobody types it.
    const untyped = ['rowsAtOnce', 'trunk.usualSize', 'trunk.linkedWithin', 'trunk.origin'];
    const ofTrunk = Object.keys(trunkChoicesSchema.shape).map((name) => `trunk.${name}`);
    const paths = [...Object.keys(trainingChoicesSchema.shape), ...ofTrunk].filter((path) => !untyped.includes(path));
    expect(paths.length).toBeGreaterThan(50);
    const unknown = paths.filter((path) => !keys.has(optionKey(inFlags(`choices.${path}`))));
    expect(unknown).toEqual([]);
  });
});
