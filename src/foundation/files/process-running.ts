import { readFileSync } from 'node:fs';
import { codeOf } from './file-error.ts';

/** True if a process of this machine has the number and is not just waiting to be buried; also where it is somebody else's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return statusOf(pid)?.[0] !== 'Z';
}

/**
 * When a process began, in ticks since the machine did: with its number it names a process, for numbers are used again.
 * Undefined where the system does not tell in `/proc`.
 */
export function processBegin(pid: number): string | undefined {
  return statusOf(pid)?.[19];
}

/** What Linux says of a process behind its number and name. */
function statusOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
