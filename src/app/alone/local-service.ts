import type { Asked, SearchService } from '../../service/page/search-service.ts';
import type { WorkerClient } from './worker/worker-client.ts';

/** Images that a search gives where nobody said how many. */
const usualCount = 20;

/**
 * What the page's search asks, where there is no service: the page's worker.
 *
 * @param thumbnails addresses of small pictures, by the ids of their pictures.
 */
export function localService(client: WorkerClient, thumbnails: ReadonlyMap<string, string>): SearchService {
  return {
    search: (queries, { like, unlike, k = usualCount, offset = 0, where }) =>
      client.ask('search', { queries, like, unlike, k, offset, where }),
    compare: (first: Asked, second: Asked) => client.ask('compare', { first, second }),
    explain: undefined,
    thumbnailUrl: (id) => thumbnails.get(id) ?? '',
  };
}
