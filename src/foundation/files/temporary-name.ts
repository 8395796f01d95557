import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { isRunning } from './process-running.ts';

/**
 * A new name for a file that is to be renamed to `target`: a prefix that only writers of `target` on this machine use,
 * the process, and a random part. Its length does not depend on the target's name.
 */
export function temporaryName(target: string): string {
  return `${prefixOf(target)}${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * Removes temporary files for `target` that processes of this machine left behind when they were killed. What cannot be
 * listed or removed stays: leftovers take space and do no other harm.
 */
export async function removeLeftovers(target: string): Promise<void> {
  const folder = path.dirname(target);
  const prefix = prefixOf(target);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (pid > 0 && !isRunning(pid)) await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  }
}

function prefixOf(target: string): string {
  const digest = createHash('sha256')
    .update(`${hostname()}\n${path.basename(target)}`)
    .digest('hex');
  return `.lookalike-${digest.slice(0, 16)}.`;
}
