import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isRunning, processBegin } from './process-running.ts';

/** The process that has a lock, as the lock's file says. */
export interface LockHolder {
  /** Its number. */
  readonly process: number;
  /** The name of its machine or container. */
  readonly machine: string;
  /** Which start of which machine, and which numbering of processes there, `process` is meant in; see `ownNumbering`. */
  readonly numbering?: string | undefined;
  /** When it began, as `processBegin` says. */
  readonly began?: string | undefined;
  /** When it took the lock: a date and time. */
  readonly since: string;
}

/** This process, as it takes a lock now. */
export function thisProcess(): LockHolder {
  const { pid } = process;
  const since = new Date().toISOString();
  return { process: pid, machine: hostname(), numbering: ownNumbering(), began: processBegin(pid), since };
}

/** The holder that the text of a lock's file names; undefined where the text is not of a lock. */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const { process: pid, machine, since, ...more } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (!Number.isInteger(pid) || typeof machine !== 'string' || typeof since !== 'string') return undefined;
    return { process: Number(pid), machine, since, numbering: textOf(more.numbering), began: textOf(more.began) };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Whether a holder's process is there. `unknown` where its number says nothing here: of another machine or container, or of
 * this machine before it was started again.
 */
export function presenceOf(holder: LockHolder): 'there' | 'gone' | 'unknown' {
  if (!numberedHere(holder)) return 'unknown';
  const { process: pid, began } = holder;
  return isRunning(pid) && (began === undefined || began === (processBegin(pid) ?? began)) ? 'there' : 'gone';
}

/** `process 12`, of another machine with its name. */
export function holderName({ process: pid, machine }: LockHolder): string {
  return machine === hostname() ? `process ${pid}` : `process ${pid} of the machine or container '${machine}'`;
}

function numberedHere({ numbering, machine }: LockHolder): boolean {
  const own = ownNumbering();
  return numbering === undefined || own === undefined ? machine === hostname() : numbering === own;
}

/**
 * What numbers of processes are unique in: Linux's identity of this start of the machine, and of the container's own
 * numbering. Undefined where the system does not tell.
 */
function ownNumbering(): string | undefined {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}
