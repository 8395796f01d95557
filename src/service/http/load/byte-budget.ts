import { RequestError } from '../../../foundation/errors/request-error.ts';

/** Bytes of uploads that are in memory at a time. A slow upload takes no more of it than has arrived. */
export class ByteBudget {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes in memory. */
  get taken(): number {
    return this.#taken;
  }

  /** A request's share, empty at first. */
  share(): ByteShare {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.#taken + bytes > this.#most) {
          throw new RequestError('busy', 'there are as many pictures in memory as there is room for: try again later', {
            retryAfter: 1,
          });
        }
        own += bytes;
        this.#taken += bytes;
      },
      giveBack: () => {
        this.#taken -= own;
        own = 0;
      },
    };
  }
}

/** What one request has taken. */
export interface ByteShare {
  /** @throws RequestError `busy` if there is no room. */
  take(bytes: number): void;
  giveBack(): void;
}
