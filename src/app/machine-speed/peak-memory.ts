import { existsSync, readFileSync } from 'node:fs';

const status = '/proc/self/status';

/**
 * The most memory that this process has had at once, in bytes. Linux counts it by program (`VmHWM`): there, `maxRSS` of a process
 * begins with the memory of the one that started it (getrusage(2) keeps it across exec).
 */
export function peakMemory(): number {
  const [, kilobytes] = existsSync(status) ? (/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8')) ?? []) : [];
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}
