import { describe, expect, it } from 'vitest';
import { knownName } from './known-name.ts';

describe('knownName', () => {
  const names = ['euclidean', 'cosine'] as const;

  it('gives the name that is one', () => {
    expect(knownName('cosine', names, 'distance')).toBe('cosine');
  });

  it.each<[unknown, string]>([
    ['euclidian', "there is no distance 'euclidian': it is one of euclidean, cosine; did you mean euclidean?"],
    ['l2', "there is no distance 'l2': it is one of euclidean, cosine"],
    ['constructor', "there is no distance 'constructor': it is one of euclidean, cosine"],
    [undefined, 'there is no distance called undefined: it is one of euclidean, cosine'],
    [{ name: 'cosine' }, 'there is no distance called an object with name: it is one of euclidean, cosine'],
  ])('refuses %s', (given, message) => {
    expect(() => knownName(given, names, 'distance')).toThrow(message);
    expect(() => knownName(given, names, 'distance', 'choices.distance')).toThrow(
      expect.objectContaining({ code: 'usage', path: 'choices.distance', value: given }),
    );
  });

  it('has the nearest name and what is expected', () => {
    const nearest = { path: 'distance', expected: 'one of euclidean, cosine', nearest: 'cosine' };
    expect(() => knownName('cosin', names, 'distance')).toThrow(expect.objectContaining(nearest));
  });
});
