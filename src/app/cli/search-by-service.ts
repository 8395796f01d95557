import type { LookalikeClient, ServiceQuery } from '../../service/client/client.ts';
import type { JsonDocument } from './command.ts';
import type { NamedQuery } from './input/search-queries.ts';
import { sourceBytes } from './input/source-bytes.ts';
import { foundImagesJson } from './output/catalogue/found-images-json.ts';
import { foundImagesTable, type JudgedImage } from './output/catalogue/found-images-table.ts';
import type { Terminal } from './output/terminal.ts';

/** What a service is asked to find. */
export interface ServiceSearch {
  /** Where it is, as it was typed. */
  readonly server: string;
  /** Pictures, and images of its store. */
  readonly queries: readonly NamedQuery[];
  readonly k: number;
  readonly offset: number;
  readonly within?: string | undefined;
  readonly where?: string | undefined;
  readonly maxDistance?: number | undefined;
  readonly minAlike?: number | undefined;
}

/** Lets a service search for each query, and says what it finds as the command itself does. */
export async function searchByService(
  client: LookalikeClient,
  { server, queries, ...options }: ServiceSearch,
  terminal: Terminal,
): Promise<JsonDocument> {
  const searches = [];
  let by: string | undefined;
  for (const query of queries) {
    const found = await client.search(await queryOf(query), options);
    by = found.by;
    const results: JudgedImage[] = found.images.map(({ alike, ...one }) => ({ ...one, alike: alike ?? undefined }));
    searches.push({ query: query.name, results });
  }
  terminal.note(`searched by ${server}`);
  for (const { query, results } of searches) {
    if (searches.length > 1) terminal.say(`${query}:`);
    for (const line of foundImagesTable(results, options.offset)) terminal.say(line);
    if (results.length === 0) terminal.warn('no image is found: ask for less');
  }
  const documents = searches.map(({ query, results }) => ({ query, results: foundImagesJson(results) }));
  return { server, distance: by, ...(documents.length === 1 ? documents[0] : {}), searches: documents };
}

async function queryOf({ name, source }: NamedQuery): Promise<ServiceQuery> {
  return source === undefined ? { id: name } : sourceBytes(source);
}
