import { describe, expect, it } from 'vitest';
import { addLengths, existingAxis, multiplyLengths, normalizeAxes, withLength } from './lengths.ts';

describe('multiplyLengths', () => {
  it('multiplies numbers, keeps a name beside 1 and is 0 beside 0', () => {
    expect(multiplyLengths([])).toBe(1);
    expect(multiplyLengths([2, 3, 4])).toBe(24);
    expect(multiplyLengths([1, 'N', 1])).toBe('N');
    expect(multiplyLengths(['N', 0, 'M'])).toBe(0);
  });

  it('gives a multiple of names one spelling', () => {
    expect(multiplyLengths(['N', 3, 'M'])).toBe('3*M*N');
    expect(multiplyLengths(['M', '3*N'])).toBe('3*M*N');
  });
});

describe('addLengths', () => {
  it('adds numbers and keeps a name beside 0', () => {
    expect(addLengths([], 'it')).toBe(0);
    expect(addLengths([2, 3], 'it')).toBe(5);
    expect(addLengths([1, 'N', -1], 'it')).toBe('N');
    expect(addLengths(['N', 'N', '3*N'], 'it')).toBe('5*N');
  });

  it('refuses a name plus something', () => {
    expect(() => addLengths(['N', 1], 'axis 0')).toThrow('the length of axis 0 would be N + 1');
    expect(() => addLengths(['N', 'M'], 'axis 0')).toThrow('because N and M are only names');
    expect(() => addLengths(['2*N', 2], 'axis 0')).toThrow(
      'would be 2*N + 2, which cannot be known in advance because N',
    );
  });
});

describe('normalizeAxes', () => {
  it('counts from the start and keeps the order', () => {
    expect(normalizeAxes([-1, 0], 3)).toEqual([2, 0]);
  });

  it('refuses one axis under two names', () => {
    expect(() => normalizeAxes([1, -1], 2)).toThrow('axes [1, -1] name axis 1 twice');
  });
});

describe('existingAxis', () => {
  it('finds none in a scalar', () => {
    expect(() => existingAxis(0, 0)).toThrow('axis 0 is asked of a scalar, which has none');
  });
});

describe('withLength', () => {
  it('replaces one length only', () => {
    expect(withLength([2, 'N', 2], 2, 5)).toEqual([2, 'N', 5]);
  });
});
