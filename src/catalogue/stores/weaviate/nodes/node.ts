import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { ownProperties } from '../collections/properties.ts';
import type { NodeAddress } from '../place.ts';
import { type Where, whereText } from '../where.ts';
import { NoAnswer, NodeRest, Refusal } from './rest.ts';
import type { WeaviateTiming } from './timing.ts';

/** What a node is searched for. */
export interface NodeSearch {
  readonly collection: string;
  readonly vector: Float32Array;
  readonly limit: number;
  /** Every vector that it lets through is compared; without one the graph is asked. */
  readonly where: Where | undefined;
}

const foundObject = z.object({ image: z.string(), _additional: z.object({ distance: z.number() }) });
const searchAnswer = z.object({
  data: z.object({ Get: z.record(z.string(), z.array(foundObject).nullish()).nullish() }).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});
const namedObject = z.object({ name: z.string(), _additional: z.object({ id: z.uuid() }) });
const namesAnswer = z.object({
  data: z.object({ Get: z.record(z.string(), z.array(namedObject).nullish()).nullish() }).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});
/** Notes whose names one call lists. */
const namesAPage = 1000;
const countAnswer = z.object({
  data: z
    .object({ Aggregate: z.record(z.string(), z.array(z.object({ meta: z.object({ count: z.number() }) }))).nullish() })
    .nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

/** An object that a search found. */
export interface FoundObject {
  readonly distance: number;
  /** The property `image`. */
  readonly image: string;
}

/** One node of a cluster. */
export class WeaviateNode {
  /** `host:port`, for messages. */
  readonly name: string;
  readonly rest: NodeRest;

  constructor(
    { host, port, isSecure }: NodeAddress,
    apiKey: string | undefined,
    private readonly timing: WeaviateTiming,
  ) {
    this.name = `${host}:${port}`;
    this.rest = new NodeRest(this.name, `${isSecure ? 'https' : 'http'}://${this.name}`, apiKey);
  }

  /** True if the node says that it is ready. */
  isReady(): Promise<boolean> {
    return this.rest.isReady(this.timing.ready);
  }

  /**
   * The objects nearest to a vector, by what this node holds. A node that says meanwhile that it is not ready is waited for no longer.
   *
   * @throws NoAnswer, Refusal
   */
  async search(asked: NodeSearch): Promise<FoundObject[]> {
    const done = new AbortController();
    try {
      return await Promise.race([this.#searched(asked), this.#goneNode(done.signal)]);
    } finally {
      done.abort();
    }
  }

  /** How many objects a collection has, by what this node holds. @throws NoAnswer, Refusal */
  async count(collection: string): Promise<number> {
    const answer = countAnswer.parse(await this.#queried(`{ Aggregate { ${collection} { meta { count } } } }`));
    const count = answer.data?.Aggregate?.[collection]?.[0]?.meta.count;
    if (count === undefined) throw this.#failure(answer.errors);
    return count;
  }

  /** The names of all notes in a collection, by what this node holds. @throws NoAnswer, Refusal */
  async names(collection: string): Promise<string[]> {
    const names: string[] = [];
    for (let after = ''; ; ) {
      const cursor = after === '' ? '' : `, after: "${after}"`;
      const query = `{ Get { ${collection}(limit: ${namesAPage}${cursor}) { name _additional { id } } } }`;
      const answer = namesAnswer.parse(await this.#queried(query));
      const found = answer.data?.Get?.[collection];
      if (found === undefined || found === null) throw this.#failure(answer.errors);
      names.push(...found.map(({ name }) => name));
      const last = found.at(-1);
      if (last === undefined || found.length < namesAPage) return names;
      after = last._additional.id;
    }
  }

  async #searched({ collection, vector, limit, where }: NodeSearch): Promise<FoundObject[]> {
    const near = `nearVector: { vector: [${vector.join(',')}] }`;
    const narrowed = where === undefined ? '' : `, where: ${whereText(where)}`;
    const wanted = `${ownProperties.image} _additional { distance }`;
    const query = `{ Get { ${collection}(${near}, limit: ${limit}${narrowed}) { ${wanted} } } }`;
    const answer = searchAnswer.parse(await this.#queried(query));
    const found = answer.data?.Get?.[collection];
    if (found === undefined || found === null) throw this.#failure(answer.errors);
    return found.map(({ image, _additional: { distance } }) => ({ distance, image }));
  }

  #queried(query: string): Promise<unknown> {
    return this.rest.ask({ method: 'POST', path: '/graphql', body: { query }, deadline: this.timing.read });
  }

  #failure(errors: readonly { readonly message: string }[] | null | undefined): Refusal {
    return new Refusal(this.name, 500, errors?.map(({ message }) => message).join('; ') ?? 'an answer without data');
  }

  /** Fails once the node is not ready any more. */
  async #goneNode(done: AbortSignal): Promise<never> {
    for (;;) {
      await setTimeout(this.timing.doubtAfter, undefined, { signal: done });
      if (!(await this.isReady())) throw new NoAnswer(this.name, 'it is not ready', false);
    }
  }
}
