import { setTimeout } from 'node:timers/promises';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { holderName, parseHolder, presenceOf, thisProcess } from '../../foundation/files/lock-holder.ts';
import type { WriteOptions } from './vector-store.ts';

/** Where numbers can be taken, each once. */
export interface NumberPlace {
  /** The numbers that are taken, those last that were taken before this was asked. */
  numbers(): Promise<number[]>;
  /** Takes a number. @returns false if it is taken. Of several at once, one gets true. */
  take(number: number): Promise<boolean>;
  drop(number: number): Promise<void>;
  /** Notes something about a number. */
  tell(number: number, text: string): Promise<void>;
  /** What was noted about a number last, as far as is known. */
  told(number: number): Promise<string | undefined>;
}

/** How long a holder may be silent. */
export interface LockTiming {
  /** Milliseconds between two signs of life of a holder. */
  readonly beat: number;
  /** Milliseconds without one after which a holder that cannot be asked after is taken for gone, by the clock of who waits. */
  readonly silentAfter: number;
}

/** What holds where the machines of a cluster take turns with other work. */
export const lockTiming: LockTiming = { beat: 3000, silentAfter: 30_000 };

/** Milliseconds between two looks: from the first to the longest. */
const [shortPause, longPause] = [30, 500];
/** What is noted about a number that nobody holds. */
const free = 'free';

/** Looks at a number that is lower than the own, and milliseconds between them. */
const [mostLooks, betweenLooks] = [50, 100];

/**
 * The right to write a store where all that can be had is that a number is taken once: whoever takes the next one has the lock, and who
 * had the one before has lost it. The highest number stays taken, also where nobody writes, so that none is used twice. Who holds it,
 * and that it lives, is noted about it.
 */
export class NumberedLock {
  #beats = 0;
  #live: NodeJS.Timeout | undefined;

  private constructor(
    private readonly uri: string,
    private readonly place: NumberPlace,
    private readonly number: number,
  ) {}

  /**
   * Takes the lock; waits as long as another task has it. That of a process of this machine that is gone is taken at once, any
   * other once it has been silent for 30 seconds.
   */
  static async take(
    uri: string,
    place: NumberPlace,
    { onWait, signal }: WriteOptions,
    timing: LockTiming = lockTiming,
  ): Promise<NumberedLock> {
    let [seen, silentSince, toldOf] = ['', performance.now(), 0];
    for (let pause = shortPause; ; pause = Math.min(2 * pause, longPause)) {
      throwIfAborted(signal);
      const last = await highest(place);
      const text = last === 0 ? free : await place.told(last);
      if (`${last} ${text}` !== seen) silentSince = performance.now();
      seen = `${last} ${text}`;
      const holder = parseHolder(text ?? '');
      const presence = holder === undefined ? 'unknown' : presenceOf(holder);
      // Also one of a process that is there: it stands still, or could not set it free.
      const isSilent = performance.now() - silentSince > timing.silentAfter;
      if (text === free || presence === 'gone' || isSilent) {
        const lock = new NumberedLock(uri, place, last + 1);
        if (await lock.#tryOnce(timing)) return lock;
      } else if (holder !== undefined && toldOf !== last) {
        toldOf = last;
        onWait?.(holder);
      }
      await setTimeout(pause);
    }
  }

  /** Says that this task has the lock still. @throws StoreError if another process took it while this one stood still. */
  async check(): Promise<void> {
    const last = await this.#highestKnown();
    if (last === this.number) return;
    // Saying that it lives would make the number anew that the other one has cleared away.
    clearInterval(this.#live);
    const other = parseHolder((await this.place.told(last)) ?? '');
    const by = other === undefined ? 'somebody took its lock' : `${holderName(other)} took its lock`;
    throw new StoreError(
      `the store '${this.uri}' is being written, but this process stood still, and ${by}: begin again`,
    );
  }

  /**
   * The number that was taken last. Numbers only go up, so who tells a lower one than this does not know of it yet, as a node of a cluster
   * that was away: it is asked again for some seconds.
   */
  async #highestKnown(): Promise<number> {
    for (let look = 1; ; look++) {
      const last = await highest(this.place);
      if (last >= this.number || look === mostLooks) return last;
      await setTimeout(betweenLooks);
    }
  }

  /** Ends it. A lock that cannot be set free any more is that of a process that will be gone. */
  async release(): Promise<void> {
    clearInterval(this.#live);
    await this.place.tell(this.number, free).catch(() => undefined);
  }

  async #tryOnce({ beat }: LockTiming): Promise<boolean> {
    const { place, number } = this;
    if (!(await place.take(number))) return false;
    // A number that was taken and dropped since it was seen can be taken again, below a higher one.
    const numbers = await place.numbers();
    if (Math.max(...numbers) !== number) {
      await place.drop(number);
      return false;
    }
    await this.#beat();
    this.#live = setInterval(() => void this.#beat().catch(() => undefined), beat).unref();
    for (const lower of numbers) if (lower < number) await place.drop(lower);
    return true;
  }

  #beat(): Promise<void> {
    return this.place.tell(this.number, JSON.stringify({ ...thisProcess(), beat: this.#beats++ }));
  }
}

/** The number that was taken last; 0 where none was. */
async function highest(place: NumberPlace): Promise<number> {
  return Math.max(0, ...(await place.numbers()));
}
