import { describe, expect, it } from 'vitest';
import { chooseRecipe } from '../planning/recipe.ts';
import { checkChoiceNames } from './check-choice-names.ts';
import type { TrainingChoices } from './training-choices.ts';

describe('the names that choices give', () => {
  it.each<[string, unknown, RegExp]>([
    ['preset', 'huge', /^there is no preset 'huge': it is one of small, contour, article, paper$/],
    ['preset', 'smal', /did you mean small\?$/],
    ['preset', null, /^there is no preset called null/],
    ['preset', 'toString', /^there is no preset 'toString'/],
    ['loss', 'tripletmargin', /^there is no loss 'tripletmargin': it is one of supcon, semi-hard, .*batch-mean-hinge$/],
    ['loss', 'softmax', /^there is no loss 'softmax'/],
    ['loss', 'multisimilarity', /did you mean multi-similarity\?$/],
    ['optimizer', 'lion', /^there is no optimizer 'lion': it is one of sgd, adamw$/],
    ['optimizer', 'adam', /did you mean adamw\?$/],
    ['backbone', 'resnet-18', /did you mean resnet18\?$/],
    ['paths', 'stride', /did you mean strided\?$/],
    ['miner', 'hard', /^there is no miner 'hard'/],
    ['sampler', 'uniformly', /did you mean uniform\?$/],
    ['distance', 'cosine', /^there is no distance 'cosine': it is one of euclidean, squared-euclidean$/],
    ['schedule', 'cosin', /did you mean cosine\?$/],
    ['provider', 'gpu', /^there is no provider 'gpu': it is one of cpu, webgpu, cuda/],
    ['provider', 7, /^there is no provider called the number 7/],
  ])('are refused where there is none: %s = %s', (choice, given, message) => {
    const choices: TrainingChoices = JSON.parse(JSON.stringify({ preset: 'small', [choice]: given }));
    expect(() => chooseRecipe(choices, 'classes')).toThrow(message);
  });

  it('are taken where there is one', () => {
    expect(() => checkChoiceNames({ preset: 'paper', loss: 'proxy-anchor', optimizer: 'sgd' })).not.toThrow();
    expect(() => checkChoiceNames({ preset: 'small' })).not.toThrow();
  });
});
