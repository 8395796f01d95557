import { suggestion } from '../../foundation/arguments/nearest-name.ts';
import { DownloadError } from '../../foundation/errors/download-error.ts';
import { exists } from '../../foundation/files/exists.ts';
import { takeLock } from '../../foundation/files/lock.ts';
import { isContentHash, type StatedContent } from './content-hash.ts';
import { type DownloadOptions, downloadContent, type OpenContent } from './download-content.ts';
import { type HubAddress, hubAddressText, isPlainName } from './hub-address.ts';
import { hubFetch, UnfinishedRequest } from './hub-fetch.ts';
import type { HubSettings } from './hub-settings.ts';
import { isCommit, RepositoryCache } from './repository-cache.ts';

/** How files of the hub are fetched. */
export interface HubOptions extends Omit<DownloadOptions, 'onProgress'> {
  readonly settings: HubSettings;
  /** Told of each file that is fetched how many of its bytes are here. */
  readonly onProgress?: ((path: string, done: number, total: number) => void) | undefined;
}

/** One commit of a repository. */
interface Revision {
  readonly commit: string;
  /** As the repository states it; undefined where it does not, or was not asked. */
  readonly licence: string | undefined;
}

/**
 * The files of one commit of a repository, the one that has `address`. What is in the cache is never asked for again, nor is
 * the commit of a branch of which that file is in the cache; the rest is fetched once, if the hub may be asked.
 */
export class HubSnapshot {
  readonly commit: string;
  /** Undefined where nobody had to ask the hub, or it does not say. */
  readonly licence: string | undefined;
  /** Folder of the repository in the cache, which every file of it lies in. */
  readonly folder: string;
  readonly #address: HubAddress;
  readonly #options: HubOptions;
  readonly #cache: RepositoryCache;

  private constructor(address: HubAddress, { commit, licence }: Revision, options: HubOptions, cache: RepositoryCache) {
    this.commit = commit;
    this.licence = licence;
    this.folder = cache.folder;
    this.#address = address;
    this.#options = options;
    this.#cache = cache;
  }

  /**
   * @throws DownloadError if the file is not in the cache and the hub may not be asked, cannot be reached, or does not show the
   * repository, the revision or the file.
   */
  static async open(address: HubAddress, options: HubOptions): Promise<HubSnapshot> {
    const cache = new RepositoryCache(options.settings.cache, address.repository);
    const known = await cache.commitOf(address.revision);
    if (known !== undefined && (await cache.file(known, address.path)) !== undefined) {
      return new HubSnapshot(address, { commit: known, licence: undefined }, options, cache);
    }
    if (options.settings.offline) throw notHere(address, options.settings);
    return new HubSnapshot(address, await askForRevision(address, options), options, cache);
  }

  /**
   * Path of a file on this machine, fetched if need be; undefined if the commit has none.
   *
   * @throws DownloadError if it is not in the cache and cannot be had.
   */
  async file(path: string): Promise<string | undefined> {
    if (!path.split('/').every(isPlainName)) return undefined;
    const found = await this.#cache.file(this.commit, path);
    if (found !== undefined) return found;
    if (await this.#cache.lacks(this.commit, path)) return undefined;
    if (this.#options.settings.offline) throw notHere({ ...this.#address, path }, this.#options.settings);
    const content = await this.#stated(path);
    if (content === undefined) {
      await this.#cache.rememberLack(this.commit, path);
      return undefined;
    }
    const blob = await this.#fetched(path, content);
    return this.#cache.place(this.commit, path, blob);
  }

  /** Remembers which commit the revision was, now that its files are here. */
  async remember(): Promise<void> {
    await this.#cache.rememberRevision(this.#address.revision, this.commit);
  }

  /** What the hub says of a file's content. */
  async #stated(path: string): Promise<StatedContent | undefined> {
    const { pathsInfo } = await import('@huggingface/hub');
    const { endpoint } = this.#options.settings;
    const [found] = await understood(endpoint, () => pathsInfo({ ...this.#request(path), paths: [path] }));
    if (found === undefined || found.type !== 'file') return undefined;
    const hash = found.lfs?.oid ?? found.oid ?? '';
    if (isContentHash(hash) && Number.isSafeInteger(found.size)) return { hash, bytes: found.lfs?.size ?? found.size };
    throw new DownloadError(
      `the hub at ${endpoint} states no hash of '${path}' that its bytes could be checked by: use another hub, or name an ONNX file on this machine`,
    );
  }

  async #fetched(path: string, content: StatedContent): Promise<string> {
    const { signal, onProgress, pause, silence } = this.#options;
    const blob = await this.#cache.blob(content.hash);
    const work = `'${path}' is being fetched`;
    const lock = await takeLock(await this.#cache.lock(content.hash), work, { wait: { signal } });
    try {
      if (await exists(blob)) return blob;
      const name = hubAddressText({ ...this.#address, path });
      await downloadContent(blob, content, name, this.#opener(path, content), {
        signal,
        pause,
        silence,
        onProgress: (done, total) => onProgress?.(path, done, total),
      });
      return blob;
    } finally {
      await lock.release();
    }
  }

  /** The client's stream loses the class of its errors; what the request itself threw is thrown instead. */
  #opener(path: string, { hash, bytes }: StatedContent): OpenContent {
    const { endpoint } = this.#options.settings;
    const { repository, commit } = { repository: this.#address.repository, commit: this.commit };
    const url = `${endpoint}/${repository}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const request = (signal: AbortSignal) => this.#request(path, signal);
    return async function* (from, signal) {
      const { downloadFile } = await import('@huggingface/hub');
      const asked = request(signal);
      let failure: unknown;
      const watched: typeof fetch = async (...given) => {
        try {
          return await asked.fetch(...given);
        } catch (error) {
          failure = error;
          throw error;
        }
      };
      const whole = {
        ...asked,
        path,
        fetch: watched,
        xet: false,
        downloadInfo: { size: bytes, etag: hash, url },
      } as const;
      const file = await downloadFile(whole);
      try {
        if (file !== null) yield* file.slice(from, bytes).stream();
      } catch (error) {
        throw failure ?? new UnfinishedRequest(String(error), { cause: error });
      }
    };
  }

  #request(path: string, signal = this.#options.signal) {
    return { ...requestOf({ ...this.#address, path }, { ...this.#options, signal }), revision: this.commit };
  }
}

/** What every call of the hub's client has in common. */
function requestOf(address: HubAddress, { settings, signal }: HubOptions) {
  const { endpoint, token } = settings;
  return {
    repo: { type: 'model', name: address.repository },
    hubUrl: endpoint,
    fetch: hubFetch({ settings, address, signal }),
    ...(token === undefined ? {} : { accessToken: token }),
  } as const;
}

async function askForRevision(address: HubAddress, options: HubOptions): Promise<Revision> {
  const { modelInfo } = await import('@huggingface/hub');
  const { repo, ...request } = requestOf(address, options);
  const { endpoint } = options.settings;
  const { sha, filePaths, cardData } = await understood(endpoint, () =>
    modelInfo({
      ...request,
      name: repo.name,
      revision: address.revision,
      additionalFields: ['sha', 'filePaths', 'cardData'],
    }),
  );
  if (!isCommit(sha))
    throw new DownloadError(`${endpoint} states no commit of ${repo.name}: is it a Hugging Face Hub?`);
  if (!filePaths.includes(address.path)) throw noSuchFile(address, filePaths);
  const licence = cardData?.license;
  return { commit: sha, licence: typeof licence === 'string' ? licence : undefined };
}

/** An answer of the hub's client; what it cannot make anything of is no hub's. */
async function understood<T>(endpoint: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new DownloadError(
      `${endpoint} does not answer as a Hugging Face Hub does (${error.message}): check HF_ENDPOINT, and whether the network asks for a login`,
      { cause: error },
    );
  }
}

function noSuchFile({ repository, path }: HubAddress, files: readonly string[]): DownloadError {
  const ending = path.slice(path.lastIndexOf('.'));
  const alike = files.filter((file) => file.endsWith(ending));
  const some = alike.length === 0 ? `it has no ${ending} file at all` : `it has ${alike.slice(0, 8).join(', ')}`;
  return new DownloadError(`${repository} has no file '${path}'${suggestion(path, alike)} (${some})`);
}

function notHere(address: HubAddress, { cache }: HubSettings): DownloadError {
  return new DownloadError(
    `${hubAddressText(address)} is not on this machine (looked in '${cache}'), and nothing is fetched offline: run the command online once (without HF_HUB_OFFLINE, too), or name an ONNX file on this machine`,
  );
}
