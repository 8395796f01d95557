import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import type { TaughtModel, TeachingSession } from '../../teaching/session/teaching-session.ts';

/** Teaching that goes on while other requests are answered: one at a time. */
export class TeachingWork {
  readonly #stop = new AbortController();
  #progress: Progress | undefined;
  #underWay: Promise<void> | undefined;
  #taught: TaughtModel | null = null;
  #refused: string | null = null;

  constructor(readonly session: TeachingSession) {}

  /** Begins, unless it is under way. */
  begin(): void {
    this.#underWay ??= this.#teach().finally(() => {
      this.#underWay = undefined;
      this.#progress = undefined;
    });
  }

  async #teach(): Promise<void> {
    try {
      const onProgress = (progress: Progress) => {
        this.#progress = progress;
      };
      this.#taught = await this.session.teach({ signal: this.#stop.signal, onProgress });
      this.#refused = null;
    } catch (error) {
      if (!(error instanceof LookalikeError)) throw error;
      this.#refused = error.message;
    }
  }

  /** How far it is, and what the last one came to. */
  get state() {
    const { done = 0, total = null } = this.#progress ?? {};
    return {
      teaching: this.#underWay === undefined ? null : { done, total: total ?? null },
      taught: this.#taught,
      refused: this.#refused,
    };
  }

  /** Stops what is under way, and ends when it has. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#underWay;
  }
}
