import { ProgressBar, type ProgressStream } from './progress-bar.ts';

/** Where a command's text goes, and how it is told to stop. */
export interface CommandStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressStream;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
}

/** What a command speaks to the user through. */
export class Terminal {
  /** True if the user asked for one JSON document instead of text. */
  readonly json: boolean;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
  readonly #streams: CommandStreams;
  readonly #bars = new Set<ProgressBar>();

  constructor(streams: CommandStreams, json: boolean) {
    this.json = json;
    this.signal = streams.signal;
    this.#streams = streams;
  }

  /** A line of text for people, on standard output; nothing where JSON was asked for. */
  say(line = ''): void {
    if (this.json) return;
    this.clear();
    this.#streams.stdout.write(`${line}\n`);
  }

  /** A line on standard error: something is not as it should be, but the command goes on. */
  warn(line: string): void {
    this.clear();
    this.#streams.stderr.write(`lookalike: warning: ${line}\n`);
  }

  /** A progress bar on standard error. Call its `clear` when the work is done. */
  progress(label: string, unit: string): ProgressBar {
    const bar = new ProgressBar({ label, unit, stream: this.#streams.stderr });
    this.#bars.add(bar);
    return bar;
  }

  /** Takes all progress bars off the terminal. */
  clear(): void {
    for (const bar of this.#bars) bar.clear();
  }
}
