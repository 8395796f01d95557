/** How the numbers of an axis are written. `percent` takes shares of 1. */
export type NumberFormat = 'number' | 'percent';

/** Smaller or larger numbers are written with an exponent. */
const plainFrom = 1e-4;
const plainTo = 1e7;

/**
 * The ticks of one axis as texts: as many decimals as the ticks need to be told apart, on all of them alike on an evenly
 * spaced axis; thousands with commas; `5e-5` where plain digits would get long.
 */
export function tickLabels(ticks: readonly number[], format: NumberFormat = 'number'): string[] {
  const shown = format === 'percent' ? ticks.map((tick) => Number((100 * tick).toPrecision(12))) : ticks;
  const sign = format === 'percent' ? '%' : '';
  const sizes = shown.map(Math.abs).filter((size) => size > 0);
  const plain = Math.min(...sizes) >= plainFrom && Math.max(...sizes) < plainTo;
  if (!plain) return shown.map((tick) => (tick === 0 ? '0' : exponential(tick)) + sign);
  const even = Math.abs(shown[1] - shown[0] - (shown[shown.length - 1] - shown[shown.length - 2])) < 1e-9;
  const most = Math.max(...shown.map(decimals));
  return shown.map((tick) => {
    const digits = even && tick !== 0 ? most : decimals(tick);
    return tick.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }) + sign;
  });
}

/** One number of a chart with three digits, as it is said in a sentence: `1.62`, `0.00293`, `12,300`, `43.7%`. */
export function shortNumber(value: number, format: NumberFormat = 'number'): string {
  if (format === 'percent') return `${(100 * value).toFixed(1)}%`;
  const size = Math.abs(value);
  if (size !== 0 && (size < plainFrom || size >= plainTo)) return exponential(Number(value.toPrecision(3)));
  return value.toLocaleString('en-US', size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

const exponential = (value: number): string => value.toExponential().replace('e+', 'e');

/** Digits behind the point that a number needs. */
function decimals(value: number): number {
  const [, fraction = ''] = String(Number(value.toPrecision(12))).split('.');
  return fraction.length;
}
