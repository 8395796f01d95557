import type { Buffer } from 'node:buffer';
import { mapBounded } from '../../../foundation/concurrency/bounded-concurrency.ts';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import type { ByteShare } from '../load/byte-budget.ts';
import type { ServiceContext } from '../service-context.ts';

/** Pictures of one request that are fetched at a time. */
const atOnce = 4;

/** Fetches the pictures that one request names by their addresses, all of them within one time. */
export class PictureFetching {
  readonly #context: Pick<ServiceContext, 'remote' | 'limits'>;
  readonly #share: ByteShare;
  #left: number;
  #signal: AbortSignal | undefined;

  /**
   * @param share counts their bytes.
   * @param uploaded pictures that the request brings along, which count as well.
   */
  constructor(context: Pick<ServiceContext, 'remote' | 'limits'>, share: ByteShare, uploaded: number) {
    this.#context = context;
    this.#share = share;
    this.#left = context.limits.files - uploaded;
  }

  /**
   * The bytes of the picture at an address.
   *
   * @param path which part of the request names it.
   * @throws RequestError `forbidden` where this service fetches nothing, and as `RemotePictures.fetch` does.
   */
  async fetch(url: string, path: string): Promise<Buffer> {
    const { remote, limits } = this.#context;
    if (remote === undefined) {
      const message = 'this service fetches no pictures from addresses: start it so that it may, or send the picture';
      throw new RequestError('forbidden', message, { path });
    }
    if (this.#left <= 0) {
      throw new RequestError('too-large', `a request may have ${limits.files} pictures, those at addresses included`, {
        path,
      });
    }
    this.#left--;
    this.#signal ??= AbortSignal.timeout(limits.remoteSeconds * 1000);
    return remote.fetch(url, { bytes: limits.fileBytes, share: this.#share, signal: this.#signal, path });
  }

  /** References of which those that are addresses are the bytes of their pictures. @param path of the list. */
  fetched<R extends object>(
    references: readonly R[],
    path: string,
  ): Promise<(Exclude<R, { readonly url: string }> | Buffer)[]> {
    const places = references.map((reference, place) => ({ reference, path: `${path}.${place}.url` }));
    return mapBounded(places, atOnce, async ({ reference, path: own }) =>
      isRemote(reference) ? this.fetch(reference.url, own) : (reference as Exclude<R, { readonly url: string }>),
    );
  }
}

function isRemote(reference: object): reference is { readonly url: string } {
  return 'url' in reference;
}
