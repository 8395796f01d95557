import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { FileError } from '../../foundation/errors/file-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { AppendLog } from '../../foundation/files/append-log.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { jsonIssue } from '../../foundation/files/json-issue.ts';
import type { JsonValue } from '../../foundation/files/json-value.ts';
import { type Lock, takeLock } from '../../foundation/files/lock.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { type Answer, type LogEntry, logEntrySchema, type NewAnswer } from './answer.ts';

/** The log's file in a folder of answers. */
export const answersFile = 'answers.jsonl';

/**
 * The answers of all raters in a folder, one JSON line each, only ever appended to. An answer is on the disk when `record`
 * ends: a kill or a power cut afterwards loses nothing, and one before leaves no part of it. Taking an answer back is a line
 * of its own. One process at a time has a log open; `readAnswers` reads beside it.
 */
export class AnswerLog {
  readonly #log: AppendLog;
  readonly #lock: Lock;
  readonly #entries: LogEntry[];

  private constructor(log: AppendLog, lock: Lock, entries: LogEntry[]) {
    this.#log = log;
    this.#lock = lock;
    this.#entries = entries;
  }

  /**
   * Opens the log of a folder, which is made if it is not there.
   *
   * @throws if another process has it, it cannot be made, or a line is not an answer, naming file and line.
   */
  static async open(folder: string): Promise<AnswerLog> {
    await makeFolders(folder).catch((error: unknown) => {
      throw fileError('make the folder for answers', folder, error);
    });
    const file = path.join(folder, answersFile);
    const lock = await takeLock(`${file}.lock`, `'${folder}' is being labelled`);
    try {
      const log = await AppendLog.open(file);
      try {
        return new AnswerLog(log, lock, parsedEntries(file, await log.read()));
      } catch (error) {
        await log.close();
        throw error;
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The answers that stand, first to last: none that was taken back. */
  get answers(): readonly Answer[] {
    return standing(this.#entries);
  }

  /**
   * Writes an answer to the disk.
   *
   * @returns the answer with its id and time.
   * @throws UsageError if it is not an answer, naming the property; if the file cannot be written.
   */
  async record(answer: NewAnswer): Promise<Answer> {
    const entry = { ...answer, id: randomUUID(), at: new Date().toISOString() };
    const checked = checkedEntry(entry);
    if (checked.kind === 'undo') throw new UsageError('an answer is expected', { path: 'kind', expected: 'an answer' });
    await this.#append(checked);
    return checked;
  }

  /** Takes back a rater's last answer that stands. @returns that answer; undefined where there is none. */
  async undo(rater: string): Promise<Answer | undefined> {
    const last = this.answers.findLast((answer) => answer.rater === rater);
    if (last === undefined) return undefined;
    await this.#append({ kind: 'undo', rater, at: new Date().toISOString(), of: last.id });
    return last;
  }

  async #append(entry: LogEntry): Promise<void> {
    await this.#log.append(entry as unknown as JsonValue, { flush: true });
    this.#entries.push(entry);
  }

  /** Closes the file and lets others open it. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The answers of a folder that stand, also while somebody is answering. @throws as `AnswerLog.open` does; it takes no lock. */
export async function readAnswers(folder: string): Promise<readonly Answer[]> {
  const file = path.join(folder, answersFile);
  return standing(parsedEntries(file, await AppendLog.peek(file)));
}

function standing(entries: readonly LogEntry[]): Answer[] {
  const undone = new Set(entries.flatMap((entry) => (entry.kind === 'undo' ? [entry.of] : [])));
  return entries.filter((entry) => entry.kind !== 'undo').filter(({ id }) => !undone.has(id));
}

function checkedEntry(entry: unknown): LogEntry {
  const parsed = logEntrySchema.safeParse(entry);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`this is not an answer: ${jsonIssue(entry, issue)}`, {
    path: issue.path.map(String).join('.') || 'answer',
    expected: issue.message,
    value: entry,
  });
}

function parsedEntries(file: string, values: readonly JsonValue[]): LogEntry[] {
  return values.map((value, line) => {
    const parsed = logEntrySchema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new FileError(
      `line ${line + 1} of '${file}' is not an answer: ${jsonIssue(value, parsed.error.issues[0])}; remove the line, or give another folder`,
    );
  });
}
