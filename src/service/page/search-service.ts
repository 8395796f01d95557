import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { LookalikeClient, StoredReference } from '../client/client.ts';
import type { ServiceComparison, ServiceExplanation, ServiceFoundImages } from '../protocol/answers.ts';
import type { ThumbnailSide } from '../protocol/requests.ts';

/** A picture that is searched by or compared: one that somebody gave, or an image that is known by its id. */
export type Asked = Blob | StoredReference;

/** What a search is narrowed by, as the client has it. */
type Narrowed = Omit<NonNullable<Parameters<LookalikeClient['search']>[1]>, 'like' | 'unlike'>;

/** Which images a search of the page finds. */
export interface SearchOptions extends Narrowed {
  readonly like: readonly Asked[];
  readonly unlike: readonly Asked[];
}

/** What the page's search asks: a service over HTTP, or the page itself. */
export interface SearchService {
  search(queries: readonly Asked[], options: SearchOptions): Promise<ServiceFoundImages>;
  compare(first: Asked, second: Asked): Promise<ServiceComparison>;
  /** What makes two pictures alike; undefined where nobody can say. */
  readonly explain: ((first: Asked, second: Asked) => Promise<ServiceExplanation>) | undefined;
  /** Where the browser finds a small picture of an image that is known by its id. */
  thumbnailUrl(id: string, side: ThumbnailSide): string;
}

/** The service that the components within ask. */
export const SearchServiceContext = createContext<SearchService | undefined>(undefined);

/** The service that is asked. @throws InternalError outside of `SearchServiceContext`. */
export function useSearchService(): SearchService {
  const service = useContext(SearchServiceContext);
  if (service === undefined)
    throw new InternalError('the page has no service to search with: wrap it in SearchServiceContext');
  return service;
}
