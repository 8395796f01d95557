import type { FileHandle } from 'node:fs/promises';
import { FileError } from '../errors/file-error.ts';
import { fileError } from './file-error.ts';
import { type JsonValue, toJson } from './json-value.ts';
import { openOrdinaryFile, openToAppend, readOrdinaryFile } from './ordinary-file.ts';

/**
 * A file of JSON values, one a line, that only grows at its end (JSON Lines). Calls may overlap: they take effect in the
 * order in which they were made.
 *
 * A kill or a full disk in the middle of a line leaves a torn last line: opening the log cuts it off. A line that was
 * appended with `flush` outlasts a power cut.
 */
export class AppendLog {
  readonly #file: string;
  readonly #handle: FileHandle;
  #length: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, handle: FileHandle, length: number) {
    this.#file = file;
    this.#handle = handle;
    this.#length = length;
  }

  /**
   * Opens the log at `file`, made if there is none.
   *
   * @throws if the file cannot be opened, or if a line before the last is not JSON, naming the line.
   */
  static async open(file: string): Promise<AppendLog> {
    const { handle } = await openOrdinaryFile(file, openToAppend).catch((error: unknown) => {
      throw fileError('open', file, error);
    });
    try {
      const lines = parseLog(await handle.readFile(), file);
      const length = lines.at(-1)?.end ?? 0;
      await handle.truncate(length);
      return new AppendLog(file, handle, length);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * The values of a log that somebody else may be writing: nothing is changed, a last line that is not whole yet is left out.
   *
   * @throws if the file cannot be read, or if a line before the last is not JSON, naming the line.
   */
  static async peek(file: string): Promise<JsonValue[]> {
    const bytes = await readOrdinaryFile(file).catch((error: unknown) => {
      throw fileError('read', file, error);
    });
    return parseLog(bytes, file).map((line) => line.value);
  }

  /**
   * Adds one value; with `flush` the call ends when the disk has it.
   *
   * @throws if JSON cannot hold the value or the file cannot be written, in one line that names the file; no part of the
   * value is then in the log.
   */
  async append(value: JsonValue, options: { readonly flush?: boolean } = {}): Promise<void> {
    const line = Buffer.from(`${toJson(value, `a line of '${this.#file}'`)}\n`);
    return this.#inTurn('write', async () => {
      try {
        await this.#handle.appendFile(line);
        if (options.flush) await this.#handle.sync();
      } catch (error) {
        await this.#handle.truncate(this.#length).catch(() => undefined);
        throw error;
      }
      this.#length += line.length;
    });
  }

  /** Ends when the disk has every value that was appended before. */
  flush(): Promise<void> {
    return this.#inTurn('write', () => this.#handle.sync());
  }

  /** All values, first to last. */
  read(): Promise<JsonValue[]> {
    return this.#inTurn('read', async () => (await this.#lines()).map((line) => line.value));
  }

  /**
   * Cuts the log before its first value for which `keep` is false, on disk when the call ends; later values go, too.
   * `log.truncateAfter((entry) => entry.step <= 300)` leaves what led to step 300.
   *
   * @returns how many values were cut off.
   */
  truncateAfter(keep: (value: JsonValue) => boolean): Promise<number> {
    return this.#inTurn('shorten', async () => {
      const lines = await this.#lines();
      const first = lines.findIndex((line) => !keep(line.value));
      if (first === -1) return 0;
      const length = lines[first].start;
      await this.#handle.truncate(length);
      await this.#handle.sync();
      this.#length = length;
      return lines.length - first;
    });
  }

  /** Closes the file once all calls made before have ended. */
  close(): Promise<void> {
    return this.#inTurn('close', () => this.#handle.close());
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #lines(): Promise<LogLine[]> {
    const bytes = Buffer.alloc(this.#length);
    await this.#handle.read(bytes, 0, bytes.length, 0);
    return parseLog(bytes, this.#file);
  }

  #inTurn<T>(action: string, work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work).catch((error: unknown) => {
      throw fileError(action, this.#file, error);
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

interface LogLine {
  readonly value: JsonValue;
  /** Where the line begins and where the next one would, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** The lines of a log; a last one that is torn (no line end, or not JSON) is left out. */
function parseLog(bytes: Buffer, file: string): LogLine[] {
  const lines: LogLine[] = [];
  for (let start = 0, end = 0; start < bytes.length; start = end) {
    end = bytes.indexOf('\n', start) + 1;
    if (end === 0) break;
    try {
      lines.push({ value: JSON.parse(bytes.toString('utf8', start, end)) as JsonValue, start, end });
    } catch {
      if (end === bytes.length) break;
      throw new FileError(`line ${lines.length + 1} of '${file}' is not JSON: remove the line, or move the file away`);
    }
  }
  return lines;
}
