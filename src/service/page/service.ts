import { LookalikeClient } from '../client/client.ts';
import { paths } from '../protocol/paths.ts';
import type { ThumbnailSide } from '../protocol/requests.ts';
import type { SearchService } from './search-service.ts';

/** The folder that the page was loaded from: a proxy may have put it below another one. */
export const base = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** The service that the page came from. */
export const service = new LookalikeClient(base);

/** Where the browser finds a small picture of an image of the store. */
export function thumbnailUrl(id: string, side: ThumbnailSide): string {
  return `${base}${paths.thumbnail.path}?id=${encodeURIComponent(id)}&side=${side}`;
}

/** The same service, as the page's search asks it. */
export const searchService: SearchService = {
  search: (queries, options) => service.search(queries, options),
  compare: (first, second) => service.compare(first, second),
  explain: (first, second) => service.explain(first, second),
  thumbnailUrl,
};

/** Where the browser finds the report of a training run. */
export function runReportUrl(name: string): string {
  return `${base}${paths.runReport.path}?name=${encodeURIComponent(name)}`;
}
