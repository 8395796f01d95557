/**
 * erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x, to about 1e-15.
 *
 * By the series 2 / sqrt(pi) * exp(-x^2) * sum over n of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)), whose terms all have the
 * sign of x, so that nothing cancels. Beyond |x| = 6 the difference from +-1 is below 2e-17.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6.
 */
export function errorFunction(x: number): number {
  if (!(Math.abs(x) <= 6)) return Math.sign(x); // a NaN stays one
  let term = x;
  let sum = 0;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    sum += term;
    term *= (2 * x * x) / odd;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
