import { describe, expect, it } from 'vitest';
import { presetOf } from './preset-of.ts';
import type { TrainingChoices } from './training-choices.ts';

const classes = { origin: 'classes' } as const;

describe('presetOf', () => {
  it.each<[TrainingChoices]>([
    [{}],
    [{ preset: 'auto' }],
    [{ seed: 3, threads: 1, expect: 'known-classes', seconds: 60 }],
    [{ trunk: { file: 'x.onnx', cut: 'features' }, size: 160, embeddingDimension: 64 }],
    [{ trunk: { file: 'x.onnx', freeze: 'all' } }],
  ])('is auto where nothing is chosen that it decides itself: %j', (choices) => {
    expect(presetOf(choices, classes)).toBe('auto');
  });

  it.each<[TrainingChoices]>([
    [{ loss: 'hinge' }],
    [{ steps: 30 }],
    [{ epochs: 2 }],
    [{ size: 96 }],
    [{ backbone: 'resnet18' }],
    [{ heldOut: 0.2 }],
    [{ trunk: { file: 'x.onnx', freeze: 'none' } }],
  ])('is small as soon as something is: %j', (choices) => {
    expect(presetOf(choices, classes)).toBe('small');
  });

  it('is small for listed triplets and for a bound of memory, which have or mean steps', () => {
    expect(presetOf({}, { origin: 'listed' })).toBe('small');
    expect(presetOf({}, { origin: 'classes', memoryBytes: 1e9 })).toBe('small');
  });

  it('is the one that was named', () => {
    expect(presetOf({ preset: 'contour', steps: 3 }, classes)).toBe('contour');
    expect(presetOf({ preset: 'article' }, { origin: 'listed' })).toBe('article');
  });

  it('refuses auto beside what it decides, with the path', () => {
    expect(() => presetOf({ preset: 'auto', steps: 3 }, classes)).toThrow(
      'choices.steps: 3 was given, but the preset auto',
    );
    expect(() => presetOf({ preset: 'auto', trunk: { file: 'x.onnx', freeze: 'none' } }, classes)).toThrow(
      "choices.trunk.freeze: 'none' was given, but the preset auto",
    );
    expect(() => presetOf({ preset: 'auto' }, { origin: 'listed' })).toThrow(
      "choices.preset: 'auto' was given, but listed",
    );
  });
});
