import { describe, expect, it } from 'vitest';
import { canonicalLength, lengthOfProduct, productOf, quotientOf, timesLengths } from './length-product.ts';

describe('productOf', () => {
  it('takes a product apart and leaves any other formula whole', () => {
    expect(productOf(6)).toEqual({ factor: 6, names: [] });
    expect(productOf('N')).toEqual({ factor: 1, names: ['N'] });
    expect(productOf('s0*2*batch.1')).toEqual({ factor: 2, names: ['batch.1', 's0'] });
    for (const formula of ['a + b', 'floor(2*a)', 'a//2', '2*a + 1', '?', '']) {
      expect(productOf(formula)).toEqual({ factor: 1, names: [formula] });
      expect(canonicalLength(formula)).toBe(formula);
    }
  });
});

describe('canonicalLength', () => {
  it('gives equal products one spelling', () => {
    expect(canonicalLength('N*6')).toBe('6*N');
    expect(canonicalLength('2 * N * 3')).toBe('6*N');
    expect(canonicalLength('b*a')).toBe('a*b');
    expect(canonicalLength('1*N')).toBe('N');
  });
});

describe('timesLengths and quotientOf', () => {
  it('are inverse to each other', () => {
    const whole = timesLengths(['2*N', 3, 'M']);
    expect(lengthOfProduct(whole)).toBe('6*M*N');
    expect(lengthOfProduct(quotientOf(whole, productOf('3*N'))!)).toBe('2*M');
    expect(lengthOfProduct(timesLengths([]))).toBe(1);
    expect(lengthOfProduct(timesLengths(['N', 0]))).toBe(0);
  });

  it('know nothing of a quotient that may be no whole number', () => {
    expect(quotientOf(productOf('3*N'), productOf(2))).toBeUndefined();
    expect(quotientOf(productOf('N'), productOf('M'))).toBeUndefined();
    expect(quotientOf(productOf(6), productOf(0))).toBeUndefined();
  });
});
