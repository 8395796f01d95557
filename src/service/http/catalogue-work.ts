import type { Progress } from '../../foundation/progress/progress.ts';
import type { WorkKinds, WorkName, WorkSettings } from '../work/work-protocol.ts';
import { WorkThread } from '../work/work-thread.ts';
import { refusalOf } from './problems.ts';

/**
 * Work on the whole catalogue that goes on while other requests are answered, in a thread that ends with it: one at a time. What it
 * came to is kept until it is done anew.
 */
export class CatalogueWork<Name extends WorkName> {
  readonly #name: Name;
  readonly #settings: WorkSettings;
  #thread: WorkThread | undefined;
  #progress: Progress | undefined;
  #found: WorkKinds[Name]['result'] | undefined;
  #refused: string | null = null;

  constructor(name: Name, settings: WorkSettings) {
    this.#name = name;
    this.#settings = settings;
  }

  /** Begins, unless it is under way. @param onFault hears of what goes wrong: those who ask later are told a message for people. */
  begin(argument: WorkKinds[Name]['argument'], onFault: (error: unknown) => void): void {
    if (this.#thread !== undefined) return;
    const thread = new WorkThread(this.#settings);
    this.#thread = thread;
    this.#progress = undefined;
    this.#refused = null;
    thread
      .ask(this.#name, argument, (progress) => {
        this.#progress = progress;
      })
      .then(
        (found) => {
          this.#found = found;
        },
        (error: unknown) => {
          this.#refused = refusalOf(error).message;
          onFault(error);
        },
      )
      .finally(() => {
        if (this.#thread === thread) this.#thread = undefined;
        return thread.close();
      });
  }

  /** How far it is, and why it was not done last. */
  get state() {
    const { work = 'beginning', unit = '', done = 0, total = null } = this.#progress ?? {};
    return {
      work: this.#thread === undefined ? null : { work, unit, done, total: total ?? null },
      refused: this.#refused,
    };
  }

  /** What it came to; undefined if it was never done. */
  get found(): WorkKinds[Name]['result'] | undefined {
    return this.#found;
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
