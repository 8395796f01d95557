import { InternalError } from '../../foundation/errors/internal-error.ts';
import { logTicks, niceTicks } from './nice-ticks.ts';

/** An axis: its ends, its ticks, and where values lie on it. */
export interface AxisScale {
  readonly kind: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** 0 for the lower end, 1 for the upper. */
  readonly place: (value: number) => number;
}

/** What a vertical axis has to take care of. */
export interface AxisOptions {
  /** Values that the axis has to show beside those of the data. */
  readonly include?: readonly number[];
  /** About how many ticks. Default: 5. */
  readonly ticks?: number;
}

/** Values whose largest is more than this many times the smallest are told apart only by their logarithms. */
const logFrom = 50;
/** Numbers smaller than this are drawn as 0, for among the smallest that there are rounding leaves no place for ticks. */
const nothing = 1e-100;
/** Values are the same if they differ by less than this share of their size. */
const same = 1e-9;

/**
 * The vertical axis for some values. It is logarithmic if all are above 0 and the largest is more than 50 times the
 * smallest; else linear, from 0 if the values reach down to half of their largest or lower. Both ends are ticks.
 * Values that are all the same, but for rounding, get an axis around them.
 *
 * @throws if there are no values, or one is not finite.
 */
export function valueScale(values: readonly number[], options: AxisOptions = {}): AxisScale {
  const { include = [], ticks: count = 5 } = options;
  const [low, high] = rangeOf([...values, ...include].map(withoutTrace));
  if (low > 0 && high > logFrom * low) return scale('log', logTicks(low, high, count + 1));
  const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
  if (high - low < same * size) return scale('linear', niceTicks(low - size / 2, high + size / 2, count));
  if (low >= 0 && 2 * low <= high) return scale('linear', niceTicks(0, high, count));
  if (high <= 0 && low <= 2 * high) return scale('linear', niceTicks(low, 0, count));
  return scale('linear', niceTicks(low, high, count));
}

/**
 * The horizontal axis for steps: from 0 to the last, with round ticks between, so that no room is left behind the data.
 *
 * @throws if there are no steps, or one is not finite or below 0.
 */
export function stepScale(steps: readonly number[], count = 5): AxisScale {
  const [first, last] = rangeOf(steps);
  if (first < 0) throw new InternalError(`steps are counted from 0, got ${first}: give the steps of a log`);
  const high = last === 0 ? 1 : last;
  const ticks = niceTicks(0, high, count).filter((tick) => tick <= high);
  return { kind: 'linear', low: 0, high, ticks, place: (value) => value / high };
}

function scale(kind: AxisScale['kind'], ticks: readonly number[]): AxisScale {
  const low = ticks[0];
  const high = ticks[ticks.length - 1];
  const along = kind === 'log' ? Math.log : (value: number) => value;
  const length = along(high) - along(low);
  return { kind, low, high, ticks, place: (value) => (along(withoutTrace(value)) - along(low)) / length };
}

const withoutTrace = (value: number): number => (Math.abs(value) < nothing ? 0 : value);

function rangeOf(values: readonly number[]): [low: number, high: number] {
  if (values.length === 0)
    throw new InternalError('an axis needs at least one value: leave the chart out where there is none');
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new InternalError(`an axis shows finite numbers, got ${wrong}: leave that point out`);
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [values[0], values[0]]);
}
