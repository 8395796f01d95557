import { describe, expect, it } from 'vitest';
import { nearestName, suggestion } from './nearest-name.ts';

const names = ['hinge', 'soft-margin', 'semi-hard', 'supcon', 'batch-hard', 'batch-all'];

describe('nearestName', () => {
  it.each([
    ['hinge', 'hinge'],
    ['HINGE', 'hinge'],
    ['hing', 'hinge'],
    ['softmargin', 'soft-margin'],
    ['semihard', 'semi-hard'],
    ['supkon', 'supcon'],
    ['batch_hard', 'batch-hard'],
    ['batchal', 'batch-all'],
  ])('knows what %s was meant to be', (typed, name) => expect(nearestName(typed, names)).toBe(name));

  it.each(['', 'x', 'triplet', 'arcface'])('guesses nothing from %j', (typed) => {
    expect(nearestName(typed, names)).toBeUndefined();
    expect(suggestion(typed, names)).toBe('');
  });

  it('takes the first of equals', () => expect(nearestName('ab', ['ax', 'ay'])).toBe('ax'));
  it('asks', () => expect(suggestion('hing', names)).toBe('; did you mean hinge?'));
});
