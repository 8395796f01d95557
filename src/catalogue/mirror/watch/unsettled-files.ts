import { stat } from 'node:fs/promises';
import type { ImageRecord } from '../../../pictures/datasets/dataset.ts';

/** A file as it was when it was looked at. */
interface Sighting {
  readonly look: string;
  /** When it was first seen so, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * Knows which files are left alone for now: those that somebody may still be writing, which are so as long as their length or times
 * have changed within the last milliseconds; and those that could not be read as they are, until they change.
 */
export class UnsettledFiles {
  readonly #settle: number;
  readonly #now: () => number;
  readonly #young = new Map<string, Sighting>();
  readonly #broken = new Map<string, string>();
  readonly #looks = new Map<string, string>();
  #waiting = 0;

  /** @param settle milliseconds for which a file has to stay as it is. */
  constructor(settle: number, now: () => number = Date.now) {
    this.#settle = settle;
    this.#now = now;
  }

  /** Files that were left because they may still be written, since `begin`. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Begins another look at the folder. */
  begin(): void {
    this.#waiting = 0;
    this.#looks.clear();
  }

  /** True of an image whose file is to be left as it is. */
  readonly leave = async ({ id, source }: ImageRecord): Promise<boolean> => {
    if (source.kind !== 'file') return false;
    const found = await stat(source.path).catch(() => undefined);
    if (found === undefined) return false;
    const look = `${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
    this.#looks.set(id, look);
    if (this.#broken.get(id) === look) return true;
    const now = this.#now();
    const age = now - found.mtimeMs;
    // What comes from another place may have an old time, and one from a clock that is ahead a time to come.
    const before = this.#young.get(id);
    if (age >= this.#settle || (before?.look === look && now - before.since >= this.#settle)) {
      this.#young.delete(id);
      return false;
    }
    if (before?.look !== look) this.#young.set(id, { look, since: now });
    this.#waiting++;
    return true;
  };

  /** These could not be read as they were when they were last let through. */
  note(unreadable: readonly { readonly id: string }[]): void {
    for (const { id } of unreadable) {
      const look = this.#looks.get(id);
      if (look !== undefined) this.#broken.set(id, look);
    }
  }
}
