import { InternalError } from '../../foundation/errors/internal-error.ts';
/**
 * Round numbers from at most `low` to at least `high`, evenly spaced by 1, 2 or 5 times a power of ten, about `count` of
 * them (from half to twice as many). The first and the last are the ends of an axis that holds all values between.
 *
 * @param low must be less than `high`.
 * @throws if it is not, or if one of them is not finite.
 */
export function niceTicks(low: number, high: number, count = 5): number[] {
  requireRange(low, high);
  const step = niceStep((high - low) / count);
  const first = Math.floor(low / step + rounding);
  const last = Math.ceil(high / step - rounding);
  return Array.from({ length: last - first + 1 }, (_, index) => multiple(first + index, step));
}

/**
 * Round numbers for a logarithmic axis from at most `low` to at least `high`, both above 0: 1, 2 and 5 times powers of
 * ten as long as that is not more than about `count`, then powers of ten alone, then every second, third, … of them.
 *
 * @throws if `low` is not above 0 or not less than `high`.
 */
export function logTicks(low: number, high: number, count = 6): number[] {
  requireRange(low, high);
  if (low <= 0) throw new InternalError(`a logarithmic axis holds numbers above 0, got ${low}: use niceTicks`);
  const fine = ticksWithin(low, high, [1, 2, 5], 1);
  if (fine.length <= count) return fine;
  for (let every = 1; ; every++) {
    const ticks = ticksWithin(low, high, [1], every);
    if (ticks.length <= count) return ticks;
  }
}

/** How far, in steps, a number may be off a tick by rounding and still count as on it. */
const rounding = 1e-9;

/** The smallest of 1, 2 and 5 times a power of ten that is at least `step`. */
function niceStep(step: number): number {
  const exponent = Math.floor(Math.log10(step));
  const mantissa = [1, 2, 5].find((one) => multiple(one, powerOfTen(exponent)) >= step * (1 - rounding));
  return mantissa === undefined ? powerOfTen(exponent + 1) : multiple(mantissa, powerOfTen(exponent));
}

/** The mantissas times powers of ten from the last one that is at most `low` to the first one that is at least `high`. */
function ticksWithin(low: number, high: number, mantissas: readonly number[], every: number): number[] {
  const from = every * Math.floor(Math.log10(low) / every + rounding);
  const ticks: number[] = [];
  for (let exponent = from; ; exponent += every) {
    for (const mantissa of mantissas) {
      const tick = multiple(mantissa, powerOfTen(exponent));
      if (tick <= low) ticks.length = 0;
      ticks.push(tick);
      if (tick >= high) return ticks;
    }
  }
}

/** 10 to a whole power, the nearest number to it: `10 ** -5` is not. */
const powerOfTen = (exponent: number): number => Number(`1e${exponent}`);

/** `times * step` without the noise of its last digits: 0.3, not 0.30000000000000004. */
const multiple = (times: number, step: number): number => Number((times * step).toPrecision(12));

function requireRange(low: number, high: number): void {
  if (low < high && Number.isFinite(high - low)) return;
  throw new InternalError(`an axis needs two finite ends, the lower first, got ${low} and ${high}: widen the range`);
}
