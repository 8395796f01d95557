import { progressBarLine, progressLine } from './progress-line.ts';

/** Where a bar is drawn: standard error, as a rule. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a progress bar shows, and where. */
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
/** Where a terminal does not say how wide it is. */
const usualColumns = 80;

/**
 * Shows how far some work is, with its rate and the time left: on a terminal a bar that is redrawn in place, after the
 * first second, no wider than the terminal; elsewhere a line every ten seconds.
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
    const { label, unit, stream } = this.#options;
    const terminal = stream.isTTY === true;
    const { quiet, pause } = terminal ? onTerminal : elsewhere;
    if (now - this.#started < quiet || now - this.#lastShown < pause) return;
    this.#lastShown = now;
    const progress = { label, unit, done, total, seconds: (now - this.#started) / 1000, note };
    this.#drawn = terminal;
    // Many terminals go to the next line when the last column is written.
    const columns = (stream.columns || usualColumns) - 1;
    stream.write(terminal ? `\r\u001b[K${progressBarLine(progress, columns)}` : `${progressLine(progress)}\n`);
  }

  /** Takes the bar off the terminal, so that other text can follow. */
  clear(): void {
    if (this.#drawn) this.#options.stream.write('\r\u001b[K');
    this.#drawn = false;
  }
}
