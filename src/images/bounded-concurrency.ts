/** Lets at most so many asynchronous jobs run at a time; the others wait in the order in which they came. */
export class BoundedConcurrency {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @throws if `limit` is not a whole number of at least 1. */
  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new Error(`at most ${limit} jobs at a time makes no sense: use a whole number of at least 1`);
    }
    this.#limit = limit;
  }

  /** Runs the job once there is room for it, and passes its result or error on. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((start) => this.#waiting.push(start));
    else this.#running++;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
