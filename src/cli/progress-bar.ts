import { formatDuration } from '../report/duration.ts';

/** Where a bar is drawn: standard error, as a rule. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** What is being done: `embedding`. */
  readonly label: string;
  /** What is counted, in the plural: `images`. */
  readonly unit: string;
  readonly stream: ProgressStream;
  /** Milliseconds of a clock that never goes back. Default: the process's. */
  readonly now?: () => number;
}

/** Before the first sign, and between two, in milliseconds. */
const onTerminal = { quiet: 1000, pause: 100 };
const elsewhere = { quiet: 10_000, pause: 10_000 };
const barLength = 20;

/**
 * Shows how far some work is, with its rate and the time left: on a terminal a bar that is redrawn in place, after the
 * first second; elsewhere a line every ten seconds.
 */
export class ProgressBar {
  readonly #options: ProgressOptions;
  readonly #now: () => number;
  readonly #started: number;
  #lastShown = Number.NEGATIVE_INFINITY;
  #drawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#started = this.#now();
  }

  /** Tells how much is done of how much; `note` goes to the end of the line. */
  update(done: number, total: number, note = ''): void {
    const now = this.#now();
    const terminal = this.#options.stream.isTTY === true;
    const { quiet, pause } = terminal ? onTerminal : elsewhere;
    if (now - this.#started < quiet || now - this.#lastShown < pause) return;
    this.#lastShown = now;
    const text = this.#text(done, total, (now - this.#started) / 1000, note, terminal);
    this.#drawn = terminal;
    this.#options.stream.write(terminal ? `\r\u001b[K${text}` : `${text}\n`);
  }

  /** Takes the bar off the terminal, so that other text can follow. */
  clear(): void {
    if (this.#drawn) this.#options.stream.write('\r\u001b[K');
    this.#drawn = false;
  }

  #text(done: number, total: number, seconds: number, note: string, terminal: boolean): string {
    const { label, unit, stream } = this.#options;
    const rate = done / seconds;
    const parts = [`${done} of ${total} ${unit}`, `${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)}/s`];
    if (done > 0 && done < total) parts.push(`${formatDuration((total - done) / rate)} left`);
    if (note !== '') parts.push(note);
    if (!terminal) return `${label}: ${parts.join(', ')}`;
    const filled = total === 0 ? barLength : Math.min(barLength, Math.floor((barLength * done) / total));
    const bar = '#'.repeat(filled) + '-'.repeat(barLength - filled);
    return `${label} [${bar}] ${parts.join(', ')}`.slice(0, (stream.columns ?? 80) - 1);
  }
}
