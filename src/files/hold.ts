import { createHash } from 'node:crypto';
import { constants, copyFile, link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { codeOf, fileError } from './file-error.ts';
import { isRunning, processBegin } from './process-running.ts';
import { removeLeftovers, temporaryName } from './temporary-name.ts';

/** That this process alone works on something, until it says otherwise or is gone. */
export interface Hold {
  /** Ends it. A second call does nothing; nor does one where the file can no longer be removed. */
  release(): Promise<void>;
}

/** What the file of a hold says of its process. */
interface Holder {
  readonly process: number;
  readonly machine: string;
  /** When the process began, as `processBegin` says. */
  readonly began?: string;
  readonly since: string;
}

/** Another process has it. */
class AlreadyHeld extends Error {}

/** Looks at a file that comes and goes, or is not whole, before it is given up, and milliseconds between two. */
const [mostLooks, pause] = [100, 30];
/** Milliseconds that a file may take to be whole where it cannot be put there at once. */
const youth = 1000;

/**
 * Takes hold of something that one process at a time may work on, by making `file`; `release` removes it. A file that a
 * killed process of this machine left behind does not count, nor one that is no hold's. Of a process of another machine
 * nobody can tell whether it is still there: its file counts until somebody removes it.
 *
 * @param work what is being done, for the error: `'run' is being trained`.
 * @throws if another process has it, or this one already; the message names the process and the file. If the file cannot be
 * made.
 */
export async function takeHold(file: string, work: string): Promise<Hold> {
  const began = processBegin(process.pid);
  const own: Holder = {
    process: process.pid,
    machine: hostname(),
    ...(began === undefined ? {} : { began }),
    since: new Date().toISOString(),
  };
  const temporary = path.join(path.dirname(file), temporaryName(file));
  const text = `${JSON.stringify({ ...own, id: path.basename(temporary) })}\n`;
  await removeLeftovers(file);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    for (let look = 1; !(await placed(temporary, file)) && !(await replaced(temporary, file, work)); look++) {
      if (look === mostLooks) throw new Error(`'${file}' is there and cannot be read: remove it`);
      await setTimeout(pause);
    }
  } catch (error) {
    throw codeOf(error) === undefined ? error : fileError('make', file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  return {
    release: async () => {
      const there = await readFile(file, 'utf8').catch(() => undefined);
      // What stays is the file of a process that will be gone.
      if (there === text) await rm(file, { force: true }).catch(() => undefined);
    },
  };
}

/** Makes `file` of a whole one at once; false if it is there already. */
async function placed(whole: string, file: string): Promise<boolean> {
  try {
    await link(whole, file).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw error;
      // A file system without links.
      return copyFile(whole, file, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Puts `whole` in the place of a hold whose process is gone; false if there is another by now. Of several that find it
 * abandoned one may replace it: the one that has hold of doing so.
 *
 * @throws if the hold's process is there.
 */
async function replaced(whole: string, file: string, work: string): Promise<boolean> {
  const found = await contentOf(file);
  if (found === undefined) return false;
  const { text, age } = found;
  const holder = parsed(text);
  if (holder === undefined && age < youth) return false;
  if (holder !== undefined && isThere(holder)) throw new AlreadyHeld(heldBy(holder, file, work));
  const digest = createHash('sha256').update(text).digest('hex');
  const right = await takeHold(`${file}.${digest.slice(0, 16)}`, work).catch((error: unknown) => {
    if (!(error instanceof AlreadyHeld)) throw error;
  });
  if (right === undefined) return false;
  try {
    if ((await contentOf(file))?.text !== text) return false;
    await rename(whole, file);
    return true;
  } finally {
    await right.release();
  }
}

function heldBy({ process: pid, machine, since }: Holder, file: string, work: string): string {
  return machine === hostname()
    ? `${work} by process ${pid} since ${since}: wait for its end or stop it; if it is something else, remove '${file}'`
    : `${work} by process ${pid} of the machine or container '${machine}' since ${since}: wait for its end or stop it; if it is gone, remove '${file}'`;
}

/** What is in a file, and how many milliseconds ago it was written; undefined if it is not there. */
async function contentOf(file: string): Promise<{ readonly text: string; readonly age: number } | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    return { text, age: Date.now() - (await stat(file)).mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isThere({ process: pid, machine, began }: Holder): boolean {
  if (machine !== hostname()) return true;
  return isRunning(pid) && (began === undefined || began === (processBegin(pid) ?? began));
}

/** What the file says, or undefined if it is no hold's. */
function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    const whole = Number.isInteger(holder?.process) && typeof holder?.machine === 'string';
    return whole ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}
