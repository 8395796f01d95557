import { knownName } from '../../../foundation/arguments/known-name.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';

/** Where one node of a cluster answers. */
export interface NodeAddress {
  readonly host: string;
  /** Of its REST interface. */
  readonly port: number;
  readonly isSecure: boolean;
}

/** Where a store in Weaviate is. */
export interface WeaviatePlace {
  readonly nodes: readonly NodeAddress[];
  /** The name that users know it by: an alias of the collection that holds the images at present. */
  readonly collection: string;
  /** The collection of what the store notes about itself. */
  readonly about: string;
}

/** How such an address is written. */
const form = 'weaviate://host:port,host:port/Collection';
/** What may stand behind its question mark. */
const parameters = ['tls'] as const;
const defaultPort = 8080;
/** Letters of a collection's name: those that are made of it are longer. */
const longestName = 100;

/**
 * The place that `weaviate://host:port,host:port/Collection?tls=true` names. Every node of the cluster is to be named: one that is not is
 * asked nothing.
 *
 * @throws StoreError if it is not of this form, or has a user or password in it: an API key comes from WEAVIATE_API_KEY.
 */
export function weaviatePlace(uri: string): WeaviatePlace {
  const parts = /^weaviate:\/\/([^/?#]*)\/([^/?#]*)(?:\?([^#]*))?$/i.exec(uri);
  if (uri.includes('@')) {
    throw new StoreError(
      `the address of the store '${uri.replace(/\/\/.*@/s, '//…@')}' has a user or a key in it, which would stand in messages: leave it out, and set WEAVIATE_API_KEY`,
    );
  }
  if (parts === null) throw new StoreError(`'${uri}' is not the address of a collection: write ${form}`);
  const [, hosts, collection, query = ''] = parts;
  const given = new URLSearchParams(query);
  for (const name of given.keys()) knownName(name, parameters, `parameter of ${form}`, 'store');
  const tls = given.get('tls') ?? 'false';
  if (tls !== 'true' && tls !== 'false') throw new StoreError(`'tls=${tls}' in '${uri}' is neither true nor false`);
  return {
    nodes: addresses(uri, hosts, tls === 'true'),
    collection: collectionName(uri, collection),
    about: `${collection}_about`,
  };
}

function addresses(uri: string, hosts: string, isSecure: boolean): NodeAddress[] {
  const nodes = hosts.split(',').map((name) => {
    const found = /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::(\d+))?$/i.exec(name);
    if (found === null) throw new StoreError(`'${name}' in '${uri}' is no host and port: write ${form}`);
    const [, host, port] = found;
    return { host, port: port === undefined ? defaultPort : portOf(uri, port), isSecure };
  });
  if (new Set(nodes.map(({ host, port }) => `${host}:${port}`)).size < nodes.length) {
    throw new StoreError(`'${uri}' names a node twice: name each once`);
  }
  return nodes;
}

function portOf(uri: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new StoreError(`'${text}' in '${uri}' is no port: write a number from 1 to 65535`);
}

function collectionName(uri: string, name: string): string {
  if (/^[A-Z][A-Za-z0-9_]*$/.test(name) && name.length <= longestName) return name;
  throw new StoreError(
    `'${name}' cannot be the collection of the store '${uri}': it begins with a capital letter, and has letters, digits and _ of ASCII, at most ` +
      `${longestName}: choose another name`,
  );
}
