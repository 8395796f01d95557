import { cutToColumns } from '../../../foundation/text/cut-text.ts';
import { displayWidth } from '../../../foundation/text/display-width.ts';
import { formatDuration } from '../../../foundation/text/duration.ts';
import { printable } from '../../../foundation/text/printable.ts';

/** How far some work is. */
export interface Progress {
  /** What is being done: `embedding`. */
  readonly label: string;
  /** What is counted, in the plural: `images`. */
  readonly unit: string;
  readonly done: number;
  readonly total: number;
  /** Since it began. */
  readonly seconds: number;
  /** What else there is to say, in pieces between commas, the most important first; may be empty. */
  readonly note: string;
}

/** Lengths of the bar itself, the longest first. */
const barLengths = [20, 10];

/** How far the work is, in a line without a bar. */
export function progressLine(progress: Progress): string {
  const { count, rate, left, notes } = wordsOf(progress);
  return `${printable(progress.label)}: ${[count, rate, ...left, ...notes].join(', ')}`;
}

/**
 * The same with a bar, in at most so many columns. Where they are few, what matters least is left out as a whole: half of
 * the bar, the end of the note, the rest of it, the rate, the time left, the bar, the label.
 */
export function progressBarLine(progress: Progress, columns: number): string {
  const { label, done, total } = progress;
  const { count, rate, left, notes } = wordsOf(progress);
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const words = [
    ...notes.map((_, gone) => [count, rate, ...left, ...notes.slice(0, notes.length - gone)]),
    [count, rate, ...left],
    [count, ...left],
    [count],
  ];
  const percent = `${Math.floor(100 * share)}%`;
  const name = printable(label);
  const layouts = [
    ...words.flatMap((parts) => barLengths.map((length) => `${name} [${bar(share, length)}] ${parts.join(', ')}`)),
    `${name}: ${count}`,
    `${name}: ${percent}`,
    percent,
  ];
  return layouts.find((layout) => displayWidth(layout) <= columns) ?? cutToColumns(percent, Math.max(1, columns));
}

function wordsOf({ unit, done, total, seconds, note }: Progress) {
  const perSecond = done / seconds;
  return {
    count: `${done} of ${total} ${printable(unit)}`,
    rate: `${perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s`,
    left: done > 0 && done < total ? [`${formatDuration((total - done) / perSecond)} left`] : [],
    notes: note === '' ? [] : printable(note).split(', '),
  };
}

function bar(share: number, length: number): string {
  const filled = Math.floor(length * share);
  return '#'.repeat(filled) + '-'.repeat(length - filled);
}
