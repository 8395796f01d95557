import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { augmentationPresets } from '../../../../pictures/augmentation/augmentation.ts';
import { trainingSettings } from '../../../../training/configuration/settings/training-settings.ts';
import { optionKey } from '../../command.ts';
import { settingOptions, typedSettings } from './setting-options.ts';
import { typedValue } from './typed-value.ts';

const typed = typedSettings(trainingSettings);

describe('the options of settings', () => {
  it('are one for each setting that has one, and hold what was typed, by the names of the choices', () => {
    const keys = settingOptions(trainingSettings).map(({ flags }) => optionKey(flags));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(['clipNorm', 'beta1', 'beta2', 'epsilon', 'time', 'dimension']));
    const given = { clipNorm: '2', beta1: '.8', time: '2m', dimension: '30', leakProof: true, nesterov: false };
    expect(typed.parse({ ...given, augmentation: 'none', lossSettings: 'alpha=3', loss: 'supcon' }).choices).toEqual({
      clipNorm: 2,
      beta1: 0.8,
      seconds: 120,
      embeddingDimension: 30,
      leakProof: true,
      nesterov: false,
      augmentation: augmentationPresets.none,
      lossSettings: { alpha: 3 },
      loss: 'supcon',
    });
  });

  it('say nothing of what is left out', () => {
    expect(typed.parse({ nesterov: true, batchNormalization: true }).choices).toEqual({});
  });

  it.each([
    ['clipNorm', '0', 'must be a number above 0'],
    ['epochs', '-1', 'must be a number above 0 and at most 1000000'],
    ['rows', '2.5', 'must be a whole number from 3 to 65536'],
    ['dropout', '1', 'must be a share below 1'],
    ['heldOut', '0.95', 'must be a share from 0 to 0.9'],
    ['weightDecay', 'x', 'must be a number of at least 0'],
    ['optimizer', 'adam', 'must be one of sgd, adamw (did you mean adamw?)'],
  ])('refuse --%s %s: it %s', (key, value, message) => {
    const issues = typed.safeParse({ [key]: value }).error?.issues;
    expect(issues?.[0]).toMatchObject({ path: [key], message });
  });
});

it('takes a text and a flag as they are', () => {
  expect(typedValue(z.string()).parse('a')).toBe('a');
  expect(typedValue(z.boolean()).parse(true)).toBe(true);
});
