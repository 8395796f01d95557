import { stat } from 'node:fs/promises';
import type { HubSettings } from './hub-settings.ts';
import { type NamedNetwork, namedNetworks } from './named-networks.ts';
import { RepositoryCache } from './repository-cache.ts';

/** A named network, and where it is on this machine. */
export interface ListedNetwork {
  readonly network: NamedNetwork;
  /** Its file in the hub's cache; undefined if it would have to be fetched. */
  readonly here: { readonly file: string; readonly bytes: number; readonly revision: string } | undefined;
}

/** All named networks, with those that are in the hub's cache. Nothing is asked for. */
export async function listNetworks({ cache }: HubSettings): Promise<readonly ListedNetwork[]> {
  return Promise.all(namedNetworks.map(async (network) => ({ network, here: await placeOf(network, cache) })));
}

async function placeOf({ address }: NamedNetwork, cache: string): Promise<ListedNetwork['here']> {
  const repository = new RepositoryCache(cache, address.repository);
  const revision = await repository.commitOf(address.revision);
  const file = revision === undefined ? undefined : await repository.file(revision, address.path);
  if (revision === undefined || file === undefined) return undefined;
  return { file, bytes: (await stat(file)).size, revision };
}
