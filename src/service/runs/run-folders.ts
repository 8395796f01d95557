import { constants } from 'node:fs';
import { type FileHandle, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../foundation/files/file-error.ts';
import { parseHolder, presenceOf } from '../../foundation/files/lock-holder.ts';
import { openOrdinaryFile, openToRead } from '../../foundation/files/ordinary-file.ts';
import { type RunFolder, runFolder } from '../../training/loop/run-folder.ts';
import { type LogPiece, readLogPiece } from './log-piece.ts';

/** A training run, as far as its folder tells. */
export interface FoundRun {
  /** What its folder is called. */
  readonly name: string;
  /** `training` while a process has its lock, `finished` where its model is there. */
  readonly state: 'training' | 'finished' | 'stopped';
  /** When its configuration was written, in milliseconds since 1970. */
  readonly begun: number;
  /** When its log was last written; null where it has none yet. */
  readonly logged: number | null;
  readonly hasReport: boolean;
}

/** Runs that are listed, the latest. */
const mostRuns = 500;
/** Bytes of a report, and of a lock's file. */
const [mostReport, mostLock] = [2 ** 26, 2 ** 16];
/** Links are not followed: what is read is in the folder. Windows knows no such flag. */
const openItself = openToRead | (constants.O_NOFOLLOW ?? 0);

/**
 * The training runs in a folder: each a folder in it that has a configuration. A name that somebody asks for is compared with
 * those that are there; it never becomes a path.
 */
export class RunFolders {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The runs that are there now, the one begun last first. @throws FileError if the folder cannot be read. */
  async list(): Promise<FoundRun[]> {
    const runs = await Promise.all((await this.#names()).map((name) => foundRun(name, this.#at(name))));
    return runs
      .filter((run) => run !== undefined)
      .sort((a, b) => b.begun - a.begun || (a.name < b.name ? -1 : 1))
      .slice(0, mostRuns);
  }

  /** What was logged from a byte on; undefined if there is no such run. */
  async log(name: string, after: number): Promise<LogPiece | undefined> {
    const run = await this.#find(name);
    if (run === undefined) return undefined;
    const opened = await openIfThere(run.log);
    if (opened === undefined) return { lines: [], next: 0, isWhole: true };
    await using handle = opened.handle;
    return readLogPiece(handle, opened.size, after);
  }

  /** The bytes of a run's report; undefined if there is none. */
  async report(name: string): Promise<Uint8Array | undefined> {
    const run = await this.#find(name);
    return run === undefined ? undefined : readIfThere(run.report, mostReport);
  }

  async #find(name: string): Promise<RunFolder | undefined> {
    return (await this.#names()).includes(name) ? this.#at(name) : undefined;
  }

  #at(name: string): RunFolder {
    return runFolder(path.join(this.#folder, name));
  }

  async #names(): Promise<string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch((error: unknown) => {
      throw fileError('read', this.#folder, error);
    });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }
}

async function foundRun(name: string, run: RunFolder): Promise<FoundRun | undefined> {
  const begun = await changedAt(run.config);
  if (begun === undefined) return undefined;
  const [logged, model, report, held] = await Promise.all([
    changedAt(run.log),
    changedAt(run.model),
    changedAt(run.report),
    isHeld(run.lock),
  ]);
  const state = held ? 'training' : model === undefined ? 'stopped' : 'finished';
  return { name, state, begun, logged: logged ?? null, hasReport: report !== undefined };
}

async function isHeld(lock: string): Promise<boolean> {
  const bytes = await readIfThere(lock, mostLock);
  const holder = bytes === undefined ? undefined : parseHolder(new TextDecoder().decode(bytes));
  return holder !== undefined && presenceOf(holder) !== 'gone';
}

async function changedAt(file: string): Promise<number | undefined> {
  const opened = await openIfThere(file);
  await opened?.handle.close();
  return opened?.changed;
}

/** The first bytes of a file, up to `most`. */
async function readIfThere(file: string, most: number): Promise<Uint8Array | undefined> {
  const opened = await openIfThere(file);
  if (opened === undefined) return undefined;
  await using handle = opened.handle;
  const bytes = new Uint8Array(Math.min(most, opened.size));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
  return bytes.subarray(0, bytesRead);
}

interface Opened {
  readonly handle: FileHandle;
  readonly size: number;
  readonly changed: number;
}

/** An ordinary file; undefined of what is none, a link, or cannot be read. */
async function openIfThere(file: string): Promise<Opened | undefined> {
  try {
    const { handle, stats } = await openOrdinaryFile(file, openItself);
    return { handle, size: stats.size, changed: stats.mtimeMs };
  } catch {
    return undefined;
  }
}
