import { RequestError } from '../../../foundation/errors/request-error.ts';

/** How much a new measurement counts in the mean of the last ones. */
const newest = 0.1;

/** Lets so many requests be worked on or wait for it, and refuses others at once: a queue without an end only makes everybody late. */
export class Admission {
  readonly #most: number;
  readonly #now: () => number;
  #inside = 0;
  #meanSeconds = 0.1;

  /** @param now milliseconds, for tests. */
  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  /** Requests inside. */
  get inside(): number {
    return this.#inside;
  }

  /**
   * Does a request's work.
   *
   * @throws RequestError `busy` if there are as many as are let in, with the seconds in which about half of them will be done; or what the work throws.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#most) {
      throw new RequestError('busy', `${this.#most} requests are worked on, as many as are taken: try again later`, {
        retryAfter: Math.min(60, Math.max(1, Math.ceil(this.#meanSeconds / 2))),
      });
    }
    this.#inside++;
    const begun = this.#now();
    try {
      return await work();
    } finally {
      this.#inside--;
      this.#meanSeconds += newest * ((this.#now() - begun) / 1000 - this.#meanSeconds);
    }
  }
}
