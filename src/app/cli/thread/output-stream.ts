import { Buffer } from 'node:buffer';
import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { ProgressStream } from '../output/progress-bar.ts';

/** What is known of a standard stream of the process. */
export interface StandardStream extends Writable {
  readonly fd: number;
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
}

/**
 * Standard output or standard error, which may stop taking text at any time: the disk is full (ENOSPC), the reader gone
 * (EPIPE), the terminal closed (EIO, ENXIO). What is written from then on goes nowhere, and nothing is thrown: the work of a
 * command does not depend on who reads along.
 */
export class OutputStream implements ProgressStream {
  readonly #stream: StandardStream;
  readonly #onLost: (error: NodeJS.ErrnoException) => void;
  readonly #isFile: boolean;
  #lost: NodeJS.ErrnoException | undefined;

  /** @param onLost called once, with what is wrong, when text cannot be written for the first time. */
  constructor(stream: StandardStream, onLost: (error: NodeJS.ErrnoException) => void = () => {}) {
    this.#stream = stream;
    this.#onLost = onLost;
    this.#isFile = isFile(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => this.#lose(error));
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number | undefined {
    return this.#stream.columns;
  }

  /** Why text is no longer written; undefined as long as it is. */
  get lost(): NodeJS.ErrnoException | undefined {
    return this.#lost;
  }

  write(text: string): void {
    if (this.#lost !== undefined) return;
    try {
      if (this.#isFile) writeWhole(this.#stream.fd, text);
      else this.#stream.write(text);
    } catch (error) {
      this.#lose(error as NodeJS.ErrnoException);
    }
  }

  /** Resolves when what has been written has left the process, or never will. */
  flushed(): Promise<void> {
    if (this.#isFile || this.#lost !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stream.once('error', () => resolve());
      this.#stream.write('', () => resolve());
    });
  }

  #lose(error: NodeJS.ErrnoException): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    this.#onLost(error);
  }
}

/** A file or a device: what Node writes at one go, and does not notice when only a part fits. */
function isFile({ fd, isTTY }: StandardStream): boolean {
  try {
    const status = fstatSync(fd);
    return status.isFile() || (status.isCharacterDevice() && isTTY !== true);
  } catch {
    return false;
  }
}

function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
