import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { augmentationPresets } from '../../pictures/augmentation/augmentation.ts';
import type { TrainingChoices } from './training-choices.ts';
import { checkedTrainingChoices, type trainingChoicesSchema } from './training-choices-schema.ts';
import type { TrunkChoices } from './trunk-choices.ts';
import type { trunkChoicesSchema } from './trunk-choices-schema.ts';

/** True where both types have the same keys, and each key takes the same values; whether it may be left out apart. */
type SameChoices<A, B> = Filled<A> extends Filled<B> ? (Filled<B> extends Filled<A> ? true : false) : false;
type Filled<T> = { readonly [Name in keyof T]-?: Exclude<T[Name], undefined> };

// The compiler holds schema and interface equal: a choice that one of them lacks, or has otherwise, does not compile.
const sameChoices: SameChoices<z.input<typeof trainingChoicesSchema>, TrainingChoices> = true;
const sameTrunk: SameChoices<z.input<typeof trunkChoicesSchema>, TrunkChoices> = true;
const lacking: SameChoices<{ readonly seed?: number }, { readonly seed?: number; readonly size?: number }> = false;
const other: SameChoices<{ readonly seed?: number }, { readonly seed?: string }> = false;

describe('checkedTrainingChoices', () => {
  it('has the choices of the interface, no more and no less', () => {
    expect([sameChoices, sameTrunk, lacking, other]).toEqual([true, true, false, false]);
  });

  it('takes choices, and undefined for those that are left out', () => {
    checkedTrainingChoices({});
    checkedTrainingChoices({ preset: 'paper', seed: 3, size: undefined, lossSettings: { alpha: 2 }, heldOut: 0 });
    checkedTrainingChoices({
      augmentation: augmentationPresets.full,
      trunk: { file: 'a.onnx', normalization: 'half' },
    });
    const normalization = { mean: [0.5, 0.5, 0.5], deviation: [0.2, 0.2, 0.2] };
    checkedTrainingChoices({ trunk: { file: 'a.onnx', normalization, cutChannels: 1 } });
  });

  it.each<[unknown, string, string | undefined]>([
    [{ learning_rate: 3 }, 'choices.learning_rate', 'learningRate'],
    [{ batchSize: 3 }, 'choices.batchSize', undefined],
    [{ optimizer: 'lion' }, 'choices.optimizer', undefined],
    [{ optimizer: 'adam' }, 'choices.optimizer', 'adamw'],
    [{ preset: 'smal' }, 'choices.preset', 'small'],
    [{ loss: 'tripletmargin' }, 'choices.loss', undefined],
    [{ loss: 'softmax' }, 'choices.loss', 'soft-margin'],
    [{ backbone: 'resnet-18' }, 'choices.backbone', 'resnet18'],
    [{ rows: 2 }, 'choices.rows', undefined],
    [{ rows: 12.5 }, 'choices.rows', undefined],
    [{ rows: '12' }, 'choices.rows', undefined],
    [{ dropout: 1 }, 'choices.dropout', undefined],
    [{ learningRate: Number.NaN }, 'choices.learningRate', undefined],
    [{ heldOut: 1 }, 'choices.heldOut', undefined],
    [{ lossSettings: { alpha: 'two' } }, 'choices.lossSettings.alpha', undefined],
    [{ augmentation: 'full' }, 'choices.augmentation', undefined],
    [{ augmentation: { ...augmentationPresets.full, rotatoin: 1 } }, 'choices.augmentation.rotatoin', 'rotation'],
    [{ trunk: {} }, 'choices.trunk.file', undefined],
    [{ trunk: { file: 'a.onnx', layuot: 'nchw' } }, 'choices.trunk.layuot', 'layout'],
    [{ trunk: { file: 'a.onnx', normalization: 'imagenett' } }, 'choices.trunk.normalization', undefined],
    [
      { trunk: { file: 'a.onnx', normalization: { mean: [1], deviation: [1] } } },
      'choices.trunk.normalization',
      undefined,
    ],
    [null, 'choices', undefined],
    ['small', 'choices', undefined],
  ])('refuses %j', (choices, path, nearest) => {
    const wrong = expect.objectContaining({ code: 'usage', path, nearest });
    expect(() => checkedTrainingChoices(choices)).toThrow(wrong);
  });
});
