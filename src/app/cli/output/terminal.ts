import { toJson } from '../../../foundation/files/json-value.ts';
import type { Progress } from '../../../foundation/progress/progress.ts';
import { abridged } from '../../../foundation/text/cut-text.ts';
import { printable, printableJson } from '../../../foundation/text/printable.ts';
import { ProgressBar, type ProgressStream } from './progress-bar.ts';

/** Where a command's text goes, and how it is told to stop. */
export interface CommandStreams {
  readonly stdout: ProgressStream;
  readonly stderr: ProgressStream;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
  /** Told once the command line is understood, whether the command stops by itself when `signal` aborts. */
  readonly onBegin?: ((stopsItself: boolean) => void) | undefined;
}

/** Where bars are drawn that nobody wants to see. */
const unseen: ProgressStream = { write: () => true };

/** The most letters of one line: more says nothing to a reader. */
const longestLine = 8000;

/**
 * What a command speaks to the user through, and the only way there is: whatever is in a text, a file's name or a message of
 * the system, it is `printable` when it reaches the terminal, and a line of any length is one that can be read.
 */
export class Terminal {
  /** True if the user asked for one JSON document instead of text. */
  readonly json: boolean;
  /** True if the user wants results, warnings and errors alone. */
  readonly quiet: boolean;
  /** Aborts when the user wants the command to stop. */
  readonly signal: AbortSignal;
  /** True if there are JSON documents to come, each in a line of its own. */
  readonly lines: boolean;
  readonly #streams: CommandStreams;
  readonly #bars = new Set<ProgressBar>();
  #shown: { readonly work: string; done: number; readonly bar: ProgressBar } | undefined;

  constructor(streams: CommandStreams, json: boolean, quiet = false, lines = false) {
    this.json = json;
    this.quiet = quiet;
    this.lines = lines;
    this.signal = streams.signal;
    this.#streams = streams;
  }

  /**
   * A line of text for people, on standard output; nothing where JSON was asked for. A line break in it is shown as `\x0a`:
   * say each line by itself.
   */
  say(line = ''): void {
    if (!this.json) this.#write(this.#streams.stdout, lineOf(line));
  }

  /** A line of text on standard output that tells what is being done rather than what was found: left out under `--quiet`. */
  remark(line = ''): void {
    if (!this.quiet) this.say(line);
  }

  /**
   * A line on standard error that helps people and would be in the way of programs: which model and store are used, what a
   * column means. Nothing under `--quiet`, or where JSON was asked for.
   */
  note(line: string): void {
    if (!this.json && !this.quiet) this.#write(this.#streams.stderr, lineOf(line));
  }

  /** A line on standard error: something is not as it should be, but the command goes on. */
  warn(line: string): void {
    this.#write(this.#streams.stderr, lineOf(`lookalike: warning: ${line}`));
  }

  /** Why the command ends: a line on standard error, `details` below it, and a document `{ "error": … }` under JSON. */
  fail(line: string, details?: string): void {
    this.#write(this.#streams.stderr, lineOf(`lookalike: ${line}`));
    if (details !== undefined) this.#write(this.#streams.stderr, linesOf(details));
    if (this.json) this.print({ error: line }, 'the error');
  }

  /** Text of several lines on standard output, also where JSON was asked for: help, the version. */
  show(text: string): void {
    this.#write(this.#streams.stdout, linesOf(text));
  }

  /** The same on standard error: help that nobody asked for. */
  showInstead(text: string): void {
    this.#write(this.#streams.stderr, linesOf(text));
  }

  /** The document that was asked for, on standard output. @throws as `toJson` does, calling it `what`. */
  print(document: unknown, what: string): void {
    this.#write(this.#streams.stdout, `${printableJson(toJson(document, what, this.lines ? 0 : 2))}\n`);
  }

  /** One of several documents, where JSON was asked for. @throws as `toJson` does. */
  document(document: unknown): void {
    if (this.json) this.print(document, 'the event');
  }

  /** A progress bar on standard error, which nobody sees under `--quiet`. Call its `clear` when the work is done. */
  progress(label: string, unit: string): ProgressBar {
    const stream = this.quiet ? unseen : this.#streams.stderr;
    const bar = new ProgressBar({ label, unit, stream });
    this.#bars.add(bar);
    return bar;
  }

  /**
   * Shows how far long work is, as a bar for each of its parts; `clear` takes the last one off. It is what a library's
   * function takes as `onProgress`.
   */
  readonly showProgress = (progress: Progress): void => {
    const { work, unit, done, total = done } = progress;
    const shown = this.#shown;
    // The same work from the beginning is another piece of work.
    if (shown === undefined || shown.work !== work || done < shown.done) {
      this.clear();
      this.#shown = { work, done, bar: this.progress(work, unit) };
    } else shown.done = done;
    this.#shown?.bar.update(done, total);
  };

  /** Takes all progress bars off the terminal. */
  clear(): void {
    for (const bar of this.#bars) bar.clear();
  }

  #write(stream: { write(text: string): unknown }, text: string): void {
    this.clear();
    stream.write(text);
  }
}

/** One line, ended. */
function lineOf(text: string): string {
  return `${printable(abridged(text, longestLine))}\n`;
}

/** Several lines, the last one ended. */
function linesOf(text: string): string {
  return text.replace(/\n$/, '').split('\n').map(lineOf).join('');
}
