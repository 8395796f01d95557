import { type ProblemCode, problemStatuses, RequestError } from '../../foundation/errors/request-error.ts';
import type {
  ServiceAbout,
  ServiceComparison,
  ServiceEmbedding,
  ServiceExplanation,
  ServiceFoundImages,
  ServiceImage,
} from '../protocol/answers.ts';
import type { ServiceDuplicates } from '../protocol/groups.ts';
import type { ServiceMap, ServiceMapPoints } from '../protocol/map.ts';
import { type EndpointName, paths } from '../protocol/paths.ts';
import type { ServiceMetadata, ServiceReference, ServiceSearchRequest, ThumbnailSide } from '../protocol/requests.ts';
import type { ServiceRunLog, ServiceRuns } from '../protocol/runs.ts';
import { type FormFiles, formOf, type PictureBytes } from './form.ts';

/** How a service is asked. */
export interface ClientOptions {
  /** The service's token, where it has one. */
  readonly token?: string | undefined;
  /** Ends every request. */
  readonly signal?: AbortSignal | undefined;
}

/** An image of the store. */
export type StoredReference = { readonly id: string };

/** A picture at an address, for a service that may fetch it. */
export type RemoteReference = { readonly url: string };

/** A picture: its bytes, an image of the store, or one at an address. */
export type ServicePicture = PictureBytes | StoredReference | RemoteReference;

/** What a service can search by: the bytes of a picture, an image of its store, a picture at an address, or a vector of its model. */
export type ServiceQuery = PictureBytes | ServiceReference;

/** Which images a search finds. */
export interface ServiceSearchOptions extends Omit<ServiceSearchRequest, 'queries' | 'like' | 'unlike'> {
  /** Examples that the images are to be like, too. Default: none. */
  readonly like?: readonly ServiceQuery[] | undefined;
  /** Examples that they are not to be like. Default: none. */
  readonly unlike?: readonly ServiceQuery[] | undefined;
}

/** What a request carries. */
interface Carried {
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly document?: unknown;
  readonly files?: FormFiles | undefined;
}

/**
 * Asks a service: each method is one endpoint, with the types of the schemas by which the service checks what it is asked.
 *
 * ```ts
 * const client = new LookalikeClient('http://127.0.0.1:8420');
 * const { images } = await client.search(picture, { k: 5 });
 * ```
 *
 * Every method throws a RequestError: of what the service refuses, with its code and message; `unavailable` where no service
 * answers.
 */
export class LookalikeClient {
  readonly #base: string;
  readonly #options: ClientOptions;

  /** @param url where the service is; a path in front of its own is kept. */
  constructor(url: string, options: ClientOptions = {}) {
    this.#base = url.replace(/\/+$/, '');
    this.#options = options;
  }

  /** What model and store are served, and within which limits. */
  about(): Promise<ServiceAbout> {
    return this.#document('about');
  }

  /** The embedding of a picture. */
  embed(image: PictureBytes | RemoteReference): Promise<ServiceEmbedding> {
    return this.#document('embed', carriedPicture(image));
  }

  /** How much alike two pictures are: their bytes, images of the store, or pictures at addresses. */
  compare(first: ServicePicture, second: ServicePicture): Promise<ServiceComparison> {
    return this.#document('compare', carriedPair(first, second));
  }

  /** What makes two pictures alike: heat-maps, which are approximate, and the share of each path of the network. */
  explain(first: ServicePicture, second: ServicePicture): Promise<ServiceExplanation> {
    return this.#document('explain', carriedPair(first, second));
  }

  /** The images of the store that are most like a query; of several the mean. */
  search(
    query: ServiceQuery | readonly ServiceQuery[],
    { like = [], unlike = [], ...narrowed }: ServiceSearchOptions = {},
  ): Promise<ServiceFoundImages> {
    const queries = isList(query) ? query : [query];
    return this.#document('search', {
      document: {
        ...narrowed,
        queries: queries.filter(isReference),
        like: like.filter(isReference),
        unlike: unlike.filter(isReference),
      },
      files: { image: picturesIn(queries), like: picturesIn(like), unlike: picturesIn(unlike) },
    });
  }

  /** Some of the groups of near duplicates that were found last, and how far the search for them is. */
  duplicates(page: { readonly offset?: number; readonly limit?: number } = {}): Promise<ServiceDuplicates> {
    return this.#document('duplicates', { query: { ...page } });
  }

  /** Begins to look for near duplicates. @param maxDistance default: copies of one picture, whatever their distance. */
  findDuplicates(maxDistance?: number): Promise<ServiceDuplicates> {
    return this.#document('findDuplicates', { document: { maxDistance } });
  }

  /** Whether there is a map of the catalogue, and how far the making of one is. */
  map(): Promise<ServiceMap> {
    return this.#document('map');
  }

  /** Begins to lay all images out in the plane. @param seed decides the layout. Default: 0. */
  makeMap(seed?: number): Promise<ServiceMap> {
    return this.#document('makeMap', { document: { seed } });
  }

  /** Where each image is on the map that was made last. */
  mapPoints(): Promise<ServiceMapPoints> {
    return this.#document('mapPoints');
  }

  /** The training runs, and how each stands. */
  runs(): Promise<ServiceRuns> {
    return this.#document('runs');
  }

  /** How a run goes: what it has logged from `after` on. @param after `next` of the answer before. Default: 0. */
  runLog(name: string, after?: number): Promise<ServiceRunLog> {
    return this.#document('runLog', { query: { name, after } });
  }

  /** A run's report, a page by itself. */
  async runReport(name: string): Promise<string> {
    return (await this.#ask('runReport', { query: { name } })).text();
  }

  /** The picture at an address, for a page that may load nothing from elsewhere. */
  async fetchPicture(url: string): Promise<Blob> {
    return (await this.#ask('fetchPicture', { document: { url } })).blob();
  }

  /** What the store knows of an image. */
  image(id: string): Promise<ServiceImage> {
    return this.#document('image', { query: { id } });
  }

  /** Adds an image to the store, or replaces the one of that id. Its embedding is kept, not its bytes. */
  async putImage(id: string, image: PictureBytes | RemoteReference, metadata: ServiceMetadata = {}): Promise<void> {
    await this.#ask('putImage', { query: { id }, ...carriedPicture(image, { metadata }) });
  }

  /** Removes an image from the store. @returns how many were removed: 0 if there was none. */
  async removeImage(id: string): Promise<number> {
    return (await this.#document<{ readonly removed: number }>('removeImage', { query: { id } })).removed;
  }

  /** A small picture of an image of the store, as WebP. */
  async thumbnail(id: string, side?: ThumbnailSide): Promise<Blob> {
    return (await this.#ask('thumbnail', { query: { id, side } })).blob();
  }

  /** Exchanges the token for a cookie: in a browser, whose pictures cannot carry a token. */
  async openSession(token: string): Promise<void> {
    await this.#ask('openSession', { document: { token } });
  }

  async #document<Answer>(name: EndpointName, carried: Carried = {}): Promise<Answer> {
    return (await this.#ask(name, carried)).json() as Promise<Answer>;
  }

  async #ask(name: EndpointName, { query = {}, document, files }: Carried): Promise<Response> {
    const { method, path } = paths[name];
    const { token, signal } = this.#options;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const init: RequestInit = { method, headers, signal: signal ?? null };
    if (files !== undefined) init.body = formOf(document, files);
    else if (document !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(document);
    }
    const answer = await fetch(`${this.#base}${path}${queryText(query)}`, init).catch((error: Error) => {
      if (signal?.aborted) throw error;
      throw new RequestError('unavailable', `no service answers at ${this.#base} (${reasonOf(error)}): start one`, {
        cause: error,
      });
    });
    if (answer.ok) return answer;
    throw await refusalIn(answer);
  }
}

function carriedPicture(image: PictureBytes | RemoteReference, document: object = {}): Carried {
  return {
    document: isReference(image) ? { ...document, image } : document,
    files: { image: picturesIn([image]) },
  };
}

function carriedPair(first: ServicePicture, second: ServicePicture): Carried {
  return {
    document: {
      first: isReference(first) ? first : undefined,
      second: isReference(second) ? second : undefined,
    },
    files: { first: picturesIn([first]), second: picturesIn([second]) },
  };
}

function isReference(query: ServiceQuery): query is ServiceReference {
  return 'id' in query || 'url' in query || 'vector' in query;
}

function isList(query: ServiceQuery | readonly ServiceQuery[]): query is readonly ServiceQuery[] {
  return Array.isArray(query);
}

function picturesIn(queries: readonly ServiceQuery[]): PictureBytes[] {
  return queries.flatMap((query) => (isReference(query) ? [] : [query]));
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.append(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}

/** What `fetch` hides behind its own message. */
function reasonOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

/** The refusal that an answer is. What is between may answer with documents of its own. */
async function refusalIn(answer: Response): Promise<RequestError> {
  const text = await answer.text();
  const { code = undefined, message = undefined, path = undefined } = problemIn(text) ?? {};
  const known =
    code !== undefined && Object.hasOwn(problemStatuses, code) ? (code as ProblemCode) : codeOf(answer.status);
  const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return new RequestError(known, message ?? `the service answers ${answer.status} ${answer.statusText}`, {
    path,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
  });
}

function problemIn(text: string): { code?: string; message?: string; path?: string } | undefined {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
}

function codeOf(status: number): ProblemCode {
  const [code] = Object.entries(problemStatuses).find(([, known]) => known === status) ?? [];
  return (code ?? (status < 500 ? 'usage' : 'unavailable')) as ProblemCode;
}
