import { createHash } from 'node:crypto';
import { constants, copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { codeOf, fileError } from './file-error.ts';
import { isRunning, processBegin } from './process-running.ts';
import { removeLeftovers, temporaryName } from './temporary-name.ts';

/** That this process alone works on something, until it says otherwise or is gone. */
export interface Hold {
  /** Ends it. A second call does nothing. */
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

/**
 * Takes hold of something that one process at a time may work on, by making `file`; `release` removes it. A file that a
 * killed process of this machine left behind does not count, nor one that is no hold's.
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
    while (!(await placed(temporary, file)) && !(await replaced(temporary, file, work)));
  } catch (error) {
    throw codeOf(error) === undefined ? error : fileError('make', file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  return {
    release: async () => {
      const there = await readFile(file, 'utf8').catch(() => undefined);
      if (there === text) await rm(file, { force: true });
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
  const text = await textOf(file);
  if (text === undefined) return false;
  const holder = parsed(text);
  if (holder !== undefined && isThere(holder)) {
    const where = holder.machine === hostname() ? '' : ` of the machine '${holder.machine}'`;
    throw new Error(
      `${work} by process ${holder.process}${where} since ${holder.since}: wait for its end or stop it; if it is something else, remove '${file}'`,
    );
  }
  const digest = createHash('sha256').update(text).digest('hex');
  const right = await takeHold(`${file}.${digest.slice(0, 16)}`, work);
  try {
    if ((await textOf(file)) !== text) return false;
    await rename(whole, file);
    return true;
  } finally {
    await right.release();
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
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
