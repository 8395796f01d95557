import { InternalError } from '../errors/internal-error.ts';
/** Lets at most so many asynchronous jobs run at a time; the others wait in the order in which they came. */
export class BoundedConcurrency {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @throws if `limit` is not a whole number of at least 1. */
  constructor(limit: number) {
    checkLimit(limit);
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

/**
 * What a job makes of each item, in the order of the items, at most so many of them at a time. After the first error no
 * further job is begun; it is passed on when those under way are done.
 *
 * @throws as a job does, or if `limit` is not a whole number of at least 1.
 */
export async function mapBounded<T, R>(items: readonly T[], limit: number, job: (item: T) => Promise<R>): Promise<R[]> {
  checkLimit(limit);
  const results = new Array<R>(items.length);
  const errors: unknown[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length && errors.length === 0) {
      const place = next++;
      try {
        results[place] = await job(items[place]);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (errors.length > 0) throw errors[0];
  return results;
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1) return;
  throw new InternalError(`at most ${limit} jobs at a time makes no sense: use a whole number of at least 1`);
}
