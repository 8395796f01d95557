import { createHash } from 'node:crypto';
import { constants, copyFile, link, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { throwIfAborted } from '../errors/abort-error.ts';
import { FileError } from '../errors/file-error.ts';
import { codeOf, fileError } from './file-error.ts';
import { NotAnOrdinaryFile } from './kind-of-file.ts';
import { holderName, type LockHolder, parseHolder, presenceOf, thisProcess } from './lock-holder.ts';
import { readOrdinaryFile } from './ordinary-file.ts';
import { removeLeftovers, temporaryName } from './temporary-name.ts';

/** That one task alone works on something, until it says otherwise or its process is gone. */
export interface Lock {
  /** @throws if another process took the lock for abandoned, while this one stood still. */
  check(): Promise<void>;
  /** Ends it. A second call does nothing; nor does one where the file can no longer be removed. */
  release(): Promise<void>;
}

/** How a lock is waited for. */
export interface LockWaiting {
  /** Called once for each holder that is waited for. */
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
  /** Ends the waiting, with an AbortError that has the signal's reason as its cause. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a sign of life after which a holder of another machine is taken for gone. Default: 30,000. */
  readonly silentAfter?: number | undefined;
}

/** What is done where another process has the lock. */
export interface LockOptions {
  /** Wait until the lock is free. Default: a lock that somebody has is an error. */
  readonly wait?: LockWaiting | undefined;
}

/** Another task has it. */
class AlreadyLocked extends Error {}

/** Looks at a file that comes and goes, or is not whole, before it is given up. */
const mostLooks = 100;
/** Milliseconds between two looks: from the first to the longest. */
const [shortPause, longPause] = [30, 500];
/** Milliseconds that a file may take to be whole where it cannot be put there at once. */
const youth = 1000;
/** Milliseconds between two signs of life of a holder. */
const beat = 3000;

/**
 * Takes the lock of something that one task at a time may work on, by making `file`; `release` removes it. Tasks of one
 * process exclude each other as those of two do.
 *
 * A file that a killed process of this machine left behind does not count, nor one that is not a lock's. Of a process of
 * another machine or container nobody can ask whether it is there: it touches its file every 3 seconds, and whoever waits
 * takes it for gone after 30 seconds without that. Whoever does not wait counts it as there, until somebody removes the file.
 *
 * @param work what is being done, for the error: `'run' is being trained`.
 * @throws without `wait`, if another task has it; the message names the process and the file. If the file cannot be made.
 */
export async function takeLock(file: string, work: string, options: LockOptions = {}): Promise<Lock> {
  const temporary = path.join(path.dirname(file), temporaryName(file));
  const text = `${JSON.stringify({ ...thisProcess(), id: path.basename(temporary) })}\n`;
  await removeLeftovers(file);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await untilTaken(temporary, file, work, options.wait);
  } catch (error) {
    if (error instanceof NotAnOrdinaryFile) throw fileError('read', file, error);
    throw codeOf(error)?.startsWith('E') ? fileError('make', file, error) : error;
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  return heldLock(file, text, work);
}

/**
 * Refuses where another task has the lock, as `takeLock` without `wait` would, and changes nothing. Whoever wants to work has to
 * take the lock all the same.
 *
 * @throws if another task has it; the message names the process and the file. If the file is there and cannot be read.
 */
export async function refuseLocked(file: string, work: string): Promise<void> {
  const found = await lookAt(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  if (found?.holder === undefined || standingOf(found, false, false) !== 'held') return;
  throw new AlreadyLocked(heldBy(found.holder, file, work));
}

function heldLock(file: string, text: string, work: string): Lock {
  const isOwn = async () => (await textOf(file).catch(() => undefined)) === text;
  const live = setInterval(async () => {
    const now = new Date();
    if (await isOwn()) await utimes(file, now, now).catch(() => undefined);
  }, beat).unref();
  return {
    async check() {
      if (await isOwn()) return;
      const other = parseHolder(await textOf(file).catch(() => ''));
      const by = other === undefined ? "somebody removed its lock '" : `${holderName(other)} took its lock '`;
      throw new FileError(`${work}, but this process stood still, and ${by}${file}': begin again`);
    },
    async release() {
      clearInterval(live);
      // What stays is the file of a process that will be gone.
      if (await isOwn()) await rm(file, { force: true }).catch(() => undefined);
    },
  };
}

async function untilTaken(whole: string, file: string, work: string, wait: LockWaiting | undefined): Promise<void> {
  let watched: { readonly found: Found; readonly since: number } | undefined;
  let toldOf: string | undefined;
  let pause = shortPause;
  for (let seen = 0; !(await placed(whole, file)); ) {
    const found = await lookAt(file);
    if (found === undefined || found.text !== watched?.found.text || found.changed !== watched.found.changed) {
      watched = found && { found, since: performance.now() };
    }
    const silent = watched !== undefined && performance.now() - watched.since > (wait?.silentAfter ?? 30_000);
    const standing = found === undefined ? 'unclear' : standingOf(found, silent, wait !== undefined);
    if (found !== undefined && standing === 'abandoned' && (await replaced(whole, file, found.text, work))) return;
    if (standing !== 'held' && ++seen === mostLooks)
      throw new FileError(`'${file}' is there and cannot be read: remove it`);
    if (standing === 'held' && found?.holder !== undefined) {
      if (wait === undefined) throw new AlreadyLocked(heldBy(found.holder, file, work));
      if (toldOf !== found.text) wait.onWait?.(found.holder);
      [toldOf, seen] = [found.text, 0];
    }
    throwIfAborted(wait?.signal);
    pause = standing === 'held' ? Math.min(2 * pause, longPause) : shortPause;
    await setTimeout(pause);
  }
}

/** What is in the file of a lock. */
interface Found {
  readonly text: string;
  /** Undefined where the file is not a lock's, or not whole yet. */
  readonly holder: LockHolder | undefined;
  /** When it was last written or touched, in milliseconds. */
  readonly changed: number;
}

async function textOf(file: string): Promise<string> {
  return (await readOrdinaryFile(file)).toString('utf8');
}

/** Undefined if the file is not there. */
async function lookAt(file: string): Promise<Found | undefined> {
  try {
    const text = await textOf(file);
    return { text, holder: parseHolder(text), changed: (await stat(file)).mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What is to be thought of a lock. `unclear`: it is not whole yet. */
function standingOf({ holder, changed }: Found, silent: boolean, waits: boolean): 'held' | 'abandoned' | 'unclear' {
  if (holder === undefined) return Date.now() - changed < youth ? 'unclear' : 'abandoned';
  const presence = presenceOf(holder);
  if (presence !== 'unknown') return presence === 'there' ? 'held' : 'abandoned';
  // Whoever does not wait sees no signs of life: a machine of this one's name is this one, started again.
  const gone = waits ? silent : holder.machine === hostname();
  return gone ? 'abandoned' : 'held';
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
 * Puts `whole` in the place of an abandoned lock of the given text; false if there is another by now. Of several that find it
 * abandoned one may replace it: the one that has the lock of doing so.
 */
async function replaced(whole: string, file: string, text: string, work: string): Promise<boolean> {
  const digest = createHash('sha256').update(text).digest('hex');
  const right = await takeLock(`${file}.${digest.slice(0, 16)}`, work).catch((error: unknown) => {
    if (!(error instanceof AlreadyLocked)) throw error;
  });
  if (right === undefined) return false;
  try {
    if ((await lookAt(file))?.text !== text) return false;
    await rename(whole, file);
    return true;
  } finally {
    await right.release();
  }
}

function heldBy(holder: LockHolder, file: string, work: string): string {
  const here = holder.machine === hostname();
  return (
    `${work} by ${holderName(holder)} since ${holder.since}: wait for its end or stop it; ` +
    `${here ? 'if it is something else' : 'if it is gone'}, remove '${file}'`
  );
}
