import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { squaredEuclidean } from '../../src/ranking/distances/squared-euclidean.ts';

/** An object as a replica has it. */
interface Kept {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly vectors?: { readonly default: number[] };
  /** The order of writes: the later of two counts. */
  readonly time: number;
}

/** A filter as GraphQL writes it, its names and operators in quotes. */
export interface ServedFilter {
  readonly operator: string;
  readonly operands?: readonly ServedFilter[];
  readonly path?: readonly string[];
  readonly valueText?: string | readonly string[];
}

type Answer = readonly [status: number, body?: unknown];
type Property = { readonly name: string };
interface Collection {
  readonly class: string;
  readonly properties: Property[];
  readonly vectorConfig?: { readonly default: { readonly vectorIndexConfig: { readonly ef?: number } } };
}

/** One node: what it holds, and what is wrong with it. */
export interface ServedNode {
  readonly index: number;
  readonly replicas: Map<string, Map<string, Kept>>;
  /** Connections to it are broken. */
  isAway: boolean;
  /** Writes that come to it get no answer. */
  hangsWrites: boolean;
  /** Searches that come to it get no answer. */
  hangsSearches: boolean;
  /** UUIDs of objects that it refuses in the next batch, by the message. */
  readonly refused: Map<string, string>;
  /** Requests that came to it: `POST /batch/objects`. */
  readonly requests: string[];
}

/**
 * A cluster of Weaviate in this process, as far as stores speak its interface: each node with its own replica of all, a schema and
 * aliases that all share, a quorum of the replicas that are there, searches by what the asked node has. Nodes go and come back, and
 * writes that hung are done late, with a new time, as a real cluster does.
 */
export class WeaviateServers {
  readonly nodes: ServedNode[] = [];
  readonly collections = new Map<string, Collection>();
  readonly aliases = new Map<string, string>();
  readonly #servers: Server[] = [];
  readonly #late: (() => void)[] = [];
  #time = 0;

  static async start(count: number): Promise<WeaviateServers> {
    const cluster = new WeaviateServers();
    for (let index = 0; index < count; index++) {
      const faults = { isAway: false, hangsWrites: false, hangsSearches: false };
      const node: ServedNode = { index, replicas: new Map(), ...faults, refused: new Map(), requests: [] };
      const server = createServer((request, response) => void cluster.#serve(node, request, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      cluster.nodes.push(node);
      cluster.#servers.push(server);
    }
    return cluster;
  }

  uri(collection: string): string {
    const hosts = this.#servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
    return `weaviate://${hosts.join(',')}/${collection}`;
  }

  /** Does what hung, as the newest writes. */
  doLateWrites(): void {
    for (const write of this.#late.splice(0)) write();
  }

  /** The objects of a collection that a node has. */
  replica(node: ServedNode, collection: string): Map<string, Kept> {
    const there = node.replicas.get(collection) ?? new Map<string, Kept>();
    node.replicas.set(collection, there);
    return there;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #serve(node: ServedNode, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (node.isAway) return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://node');
    const path = url.pathname.replace(/^\/v1/, '');
    const text = Buffer.concat(pieces).toString();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const call = `${request.method} ${path}`;
    node.requests.push(call);
    const isWrite = call === 'POST /batch/objects' || (request.method === 'DELETE' && path.startsWith('/objects/'));
    if (isWrite && node.hangsWrites) return void this.#late.push(() => void this.#answer(node, call, url, body));
    if (path === '/graphql' && node.hangsSearches) return;
    const [status, answer] = this.#answer(node, call, url, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  }

  #answer(node: ServedNode, call: string, url: URL, body: unknown): Answer {
    const [method, path] = call.split(' ');
    const [, kind, first, second] = path.split('/');
    switch (`${method} ${kind}`) {
      case 'GET .well-known':
        return [200];
      case 'GET nodes':
        return [200, { nodes: this.nodes.map((one) => this.#health(one)) }];
      case 'POST schema':
        return this.#define(first, body);
      case 'GET schema': {
        const found = this.collections.get(first);
        return found === undefined ? [404] : [200, { ...found, shardingConfig: { actualCount: 1 } }];
      }
      case 'PUT schema':
        this.collections.set(first, { ...(body as Collection), properties: [...(body as Collection).properties] });
        return [200];
      case 'DELETE schema':
        this.collections.delete(first);
        for (const one of this.nodes) one.replicas.delete(first);
        return [200];
      case 'POST aliases': {
        const { alias, class: name } = body as { alias: string; class: string };
        if (this.aliases.has(alias)) return [500, failure(`create alias: ${alias}, alias already exists`)];
        this.aliases.set(alias, name);
        return [200, body];
      }
      case 'GET aliases': {
        if (first !== undefined) return this.aliases.has(first) ? [200, { class: this.aliases.get(first) }] : [404];
        const wanted = url.searchParams.get('class');
        return [200, { aliases: [...this.aliases].filter(([, of]) => of === wanted).map(([alias]) => ({ alias })) }];
      }
      case 'PUT aliases':
        this.aliases.set(first, (body as { class: string }).class);
        return [200];
      case 'DELETE aliases':
        return [this.aliases.delete(first) ? 204 : 404];
      case 'POST batch':
        return this.#batch(node, body);
      case 'GET objects':
        return second === undefined ? this.#list(node, url.searchParams) : this.#object(first, second);
      case 'DELETE objects':
        this.#write(first, second, undefined);
        return [204];
      case 'POST graphql':
        return this.#query(node, (body as { query: string }).query);
      default:
        return [501];
    }
  }

  #health({ index, isAway }: ServedNode) {
    const shards = isAway ? null : [{ name: 'only', replicationFactor: this.nodes.length }];
    return { name: `node${index}`, status: isAway ? 'UNAVAILABLE' : 'HEALTHY', shards };
  }

  #define(collection: string | undefined, body: unknown): Answer {
    if (collection !== undefined) {
      const properties = this.collections.get(collection)?.properties ?? [];
      const property = body as Property;
      if (properties.some(({ name }) => name === property.name)) return [422, failure('property already exists')];
      properties.push(property);
      return [200, property];
    }
    const definition = body as Collection;
    if (this.collections.has(definition.class)) return [422, failure(`class name ${definition.class} already exists`)];
    this.collections.set(definition.class, { ...definition, properties: [...definition.properties] });
    return [200, definition];
  }

  #batch(node: ServedNode, body: unknown): Answer {
    const { objects } = body as { objects: ({ class: string; id: string } & Omit<Kept, 'time'>)[] };
    const results = objects.map(({ class: collection, id, ...kept }) => {
      const refusal = node.refused.get(id);
      node.refused.delete(id);
      if (refusal !== undefined) return { id, result: { status: 'FAILED', errors: { error: [{ message: refusal }] } } };
      this.#write(collection, id, kept);
      return { id, result: { status: 'SUCCESS' } };
    });
    return [200, results];
  }

  /** Writes to, or removes from, the replicas that are there. */
  #write(collection: string, id: string, kept: Omit<Kept, 'time'> | undefined): void {
    const time = ++this.#time;
    for (const node of this.nodes) {
      if (node.isAway) continue;
      const replica = this.replica(node, collection);
      if (kept === undefined) replica.delete(id);
      else replica.set(id, { ...kept, time });
    }
  }

  /** By a quorum: the newest of the replicas that are there. */
  #object(collection: string, id: string): Answer {
    const there = this.nodes.filter(({ isAway }) => !isAway).map((node) => this.replica(node, collection).get(id));
    const kept = there.filter((one) => one !== undefined).sort((a, b) => b.time - a.time);
    // As most have removed it.
    if (kept.length === 0 || 2 * kept.length <= there.length) return [404];
    return [200, { id, ...kept[0] }];
  }

  #list(node: ServedNode, query: URLSearchParams): Answer {
    const after = query.get('after') ?? '';
    const all = [...this.replica(node, query.get('class') ?? '')].filter(([id]) => id > after);
    const page = all.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, Number(query.get('limit')));
    return [200, { objects: page.map(([id, { time: _, ...kept }]) => ({ id, ...kept })) }];
  }

  #query(node: ServedNode, query: string): Answer {
    const counted = /Aggregate \{ (\w+)/.exec(query);
    if (counted !== null) {
      const count = this.replica(node, counted[1]).size;
      return [200, { data: { Aggregate: { [counted[1]]: [{ meta: { count } }] } } }];
    }
    const listed = /Get \{ (\w+)\(limit: (\d+)(?:, after: "(.*?)")?\) \{ name _additional/.exec(query);
    if (listed !== null) return this.#names(node, listed[1], Number(listed[2]), listed[3] ?? '');
    const [, collection, vector, limit, where] =
      /Get \{ (\w+)\(nearVector: \{ vector: (\[.*?\]) \}, limit: (\d+)(?:, where: (.*))?\) \{ image/.exec(query) ?? [];
    if (!this.collections.has(collection)) {
      return [200, { errors: [{ message: `could not find class ${collection}` }] }];
    }
    const from = Float32Array.from(JSON.parse(vector) as number[]);
    const found = this.#lookedAt(node, collection, where)
      .map(({ properties, vectors }) => ({
        image: properties.image,
        _additional: { distance: squaredEuclidean.between(from, Float32Array.from(vectors?.default ?? [])) },
      }))
      .sort((a, b) => a._additional.distance - b._additional.distance)
      .slice(0, Number(limit));
    return [200, { data: { Get: { [collection]: found } } }];
  }

  #names(node: ServedNode, collection: string, limit: number, after: string): Answer {
    const all = [...this.replica(node, collection)].filter(([id]) => id > after).sort(([a], [b]) => (a < b ? -1 : 1));
    const page = all.slice(0, limit).map(([id, { properties }]) => ({ name: properties.name, _additional: { id } }));
    return [200, { data: { Get: { [collection]: page } } }];
  }

  /** The objects that a filter lets through; without one as many of all as the graph is told to keep in mind, the others it misses. */
  #lookedAt(node: ServedNode, collection: string, where: string | undefined): Kept[] {
    const all = [...this.replica(node, collection)];
    if (where !== undefined) {
      const filter = parsedWhere(where);
      return all.map(([, kept]) => kept).filter(({ properties }) => holdsOf(filter, properties));
    }
    const { ef = usualCandidates } = this.collections.get(collection)?.vectorConfig?.default.vectorIndexConfig ?? {};
    return all
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, ef)
      .map(([, kept]) => kept);
  }
}

/** Candidates of a collection that says nothing of them. */
const usualCandidates = 100;

function failure(message: string) {
  return { error: [{ message }] };
}

/** A filter as GraphQL writes it, as an object. */
export function parsedWhere(text: string): ServedFilter {
  return JSON.parse(
    text.replace(/(\w+): /g, '"$1": ').replace(/"operator": (\w+)/g, '"operator": "$1"'),
  ) as ServedFilter;
}

/** As Weaviate compares keys: by bytes, `*` as any letters, a list by any of its values. */
export function holdsOf(
  { operator, operands = [], path = [], valueText = '' }: ServedFilter,
  properties: Kept['properties'],
): boolean {
  if (operator === 'And') return operands.every((one) => holdsOf(one, properties));
  if (operator === 'Or') return operands.some((one) => holdsOf(one, properties));
  if (operator === 'Not') return !holdsOf(operands[0], properties);
  const value = properties[path[0]];
  const values = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as string[];
  const wanted = String(valueText);
  const tests: Readonly<Record<string, (one: string) => boolean>> = {
    Equal: (one) => one === wanted,
    LessThan: (one) => one < wanted,
    LessThanEqual: (one) => one <= wanted,
    GreaterThan: (one) => one > wanted,
    GreaterThanEqual: (one) => one >= wanted,
    Like: (one) => new RegExp(`^${wanted.replaceAll('*', '.*')}$`, 's').test(one),
    ContainsAny: (one) => (valueText as readonly string[]).includes(one),
  };
  return values.some(tests[operator]);
}
