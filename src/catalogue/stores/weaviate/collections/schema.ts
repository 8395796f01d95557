import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import type { MetadataField } from '../../../metadata/metadata.ts';
import { parseStamp, type StoreStamp } from '../../store-stamp.ts';
import type { WeaviateNode } from '../nodes/node.ts';
import { Refusal } from '../nodes/rest.ts';
import type { NodeRotation } from '../nodes/rotation.ts';
import type { WeaviateTiming } from '../nodes/timing.ts';
import type { WeaviatePlace } from '../place.ts';
import { collectionDefinition, notesDefinition } from './definitions.ts';
import { describedField, fieldDefinition } from './properties.ts';

/** The collection that has a store's images at present. */
export interface CurrentCollection {
  readonly name: string;
  readonly stamp: StoreStamp;
}

const aliasAnswer = z.object({ class: z.string() });
const aliasesAnswer = z.object({ aliases: z.array(z.object({ alias: z.string() })).nullish() });
const classAnswer = z.object({
  description: z.string().optional(),
  properties: z.array(z.object({ name: z.string(), description: z.string().optional() })).nullish(),
});
/** A definition with all that it says: it is written back whole. */
const graphAnswer = z.looseObject({
  vectorConfig: z.object({
    default: z.looseObject({ vectorIndexConfig: z.looseObject({ ef: z.number().optional() }) }),
  }),
});
const nodesAnswer = z.object({ nodes: z.array(z.unknown()) });

/** Milliseconds within which all nodes have to know of a change. */
const spreadWithin = 5000;
const look = 20;
/** Replicas of each row, where there are so many nodes. */
const replicas = 3;

/**
 * The collections of a store, which the cluster agrees on by Raft: an alias of the store's name stands for the collection of its
 * images, `Name_v1`, whose description is the store's stamp, and whose properties' descriptions are its fields. So a store is made,
 * and made anew, at once: by the alias.
 */
export class WeaviateSchema {
  constructor(
    private readonly uri: string,
    private readonly place: WeaviatePlace,
    private readonly rotation: NodeRotation,
    private readonly timing: WeaviateTiming,
  ) {}

  /** What the store's name stands for; undefined where there is no store. @throws StoreError if that is something else. */
  async current(): Promise<CurrentCollection | undefined> {
    const { collection: alias } = this.place;
    const found = await this.#ask('GET', `/aliases/${alias}`, undefined, [404]);
    if (found === undefined) {
      if ((await this.#class(alias)) === undefined) return undefined;
      throw this.#somethingElse();
    }
    const { class: name } = aliasAnswer.parse(found);
    const description = (await this.#class(name))?.description;
    if (description === undefined || this.#version(name) === undefined) throw this.#somethingElse();
    return { name, stamp: parseStamp(this.uri, description) };
  }

  /** Makes an empty store, unless another task has made it just before. */
  async make(stamp: StoreStamp): Promise<CurrentCollection> {
    const factor = await this.#replicas();
    await this.#create(notesDefinition(this.place.about, factor));
    const first = `${this.place.collection}_v1`;
    await this.#create(collectionDefinition(first, stamp, [], factor));
    await this.createAlias(this.place.collection, first);
    await this.#spread(async (node) => (await this.#aliasOn(node, this.place.collection)) !== undefined);
    const made = await this.current();
    if (made === undefined) throw new StoreError(`the store '${this.uri}' was removed while it was made: begin again`);
    return made;
  }

  /** Makes an empty collection of notes, unless there is one of that name. */
  async makeNotes(name: string): Promise<void> {
    await this.#create(notesDefinition(name, await this.#replicas()));
  }

  /** True if there is a collection of that name. */
  async has(name: string): Promise<boolean> {
    return (await this.#class(name)) !== undefined;
  }

  /** The fields of the metadata, in code-unit order of their names. */
  async fields(collection: string): Promise<MetadataField[]> {
    const properties = (await this.#class(collection))?.properties ?? [];
    const fields = properties.flatMap(({ description }) => describedField(description ?? '') ?? []);
    return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async addFields(collection: string, fields: readonly MetadataField[]): Promise<void> {
    for (const field of fields) {
      const property = fieldDefinition(field);
      // Added already by a try that gave no answer.
      await this.#ask('POST', `/schema/${collection}/properties`, property, [422]);
      await this.#spread(async (node) => {
        const there = (await this.#classOn(node, collection))?.properties ?? [];
        return there.some(({ name }) => name === property.name);
      });
    }
  }

  /** Makes an empty collection for the images of another stamp, beside the present one. @returns its name. */
  async makeNext(current: string, stamp: StoreStamp, fields: readonly MetadataField[]): Promise<string> {
    const next = `${this.place.collection}_v${(this.#version(current) ?? 0) + 1}`;
    // What a run left that did not end.
    await this.drop(next);
    await this.#create(collectionDefinition(next, stamp, fields, await this.#replicas()));
    return next;
  }

  /** Has the store's name stand for another collection from now on. */
  async switchTo(collection: string): Promise<void> {
    const { collection: alias } = this.place;
    await this.#ask('PUT', `/aliases/${alias}`, { class: collection });
    await this.#spread(async (node) => (await this.#aliasOn(node, alias)) === collection);
  }

  /** Has searches by the graph of a collection keep so many candidates in mind. */
  async setCandidates(collection: string, ef: number): Promise<void> {
    const definition = graphAnswer.parse(await this.#ask('GET', `/schema/${collection}`));
    const { default: vector } = definition.vectorConfig;
    const vectorConfig = { default: { ...vector, vectorIndexConfig: { ...vector.vectorIndexConfig, ef } } };
    await this.#ask('PUT', `/schema/${collection}`, { ...definition, vectorConfig });
    await this.#spread(async (node) => {
      const there = graphAnswer.safeParse(await this.#definitionOn(node, collection));
      return there.data?.vectorConfig.default.vectorIndexConfig.ef === ef;
    });
  }

  async drop(collection: string): Promise<void> {
    await this.#ask('DELETE', `/schema/${collection}`, undefined, [404]);
  }

  /** Makes an alias. @returns false if there is one of that name: of several at once one makes it, as Raft orders them. */
  createAlias(alias: string, collection: string): Promise<boolean> {
    return this.#isMade('/aliases', { alias, class: collection });
  }

  async dropAlias(alias: string): Promise<void> {
    await this.#ask('DELETE', `/aliases/${alias}`, undefined, [404]);
  }

  /** The names of all aliases of a collection. */
  async aliases(collection: string): Promise<string[]> {
    const { aliases } = aliasesAnswer.parse(await this.#ask('GET', `/aliases?class=${collection}`));
    return (aliases ?? []).map(({ alias }) => alias);
  }

  async #replicas(): Promise<number> {
    return Math.min(replicas, nodesAnswer.parse(await this.#ask('GET', '/nodes')).nodes.length);
  }

  /** Creates a collection, unless there is one of that name. */
  async #create(definition: { readonly class: string }): Promise<void> {
    await this.#isMade('/schema', definition);
    await this.#spread(async (node) => (await this.#classOn(node, definition.class)) !== undefined);
  }

  /** Makes something. @returns false if there is one of its name, which Weaviate says as a fault of its own, too. */
  #isMade(path: string, body: unknown): Promise<boolean> {
    return this.rotation.through(
      async (node) => {
        try {
          await node.rest.ask({ method: 'POST', path, body, deadline: this.timing.write });
          return true;
        } catch (error) {
          if (error instanceof Refusal && /already exists/i.test(error.reason)) return false;
          throw error;
        }
      },
      { isAny: true },
    );
  }

  #version(collection: string): number | undefined {
    const begin = `${this.place.collection}_v`;
    const digits = collection.startsWith(begin) ? collection.slice(begin.length) : '';
    return /^\d+$/.test(digits) ? Number(digits) : undefined;
  }

  #class(name: string) {
    return this.rotation.through((node) => this.#classOn(node, name), { isAny: true });
  }

  async #classOn(node: WeaviateNode, name: string): Promise<z.infer<typeof classAnswer> | undefined> {
    const json = await this.#definitionOn(node, name);
    return json === undefined ? undefined : classAnswer.parse(json);
  }

  #definitionOn(node: WeaviateNode, name: string): Promise<unknown> {
    // As this node knows it: its leader may be gone.
    const headers = { consistency: 'false' };
    return node.rest.ask({ method: 'GET', path: `/schema/${name}`, deadline: this.timing.read, headers }, [404]);
  }

  async #aliasOn(node: WeaviateNode, alias: string): Promise<string | undefined> {
    const request = { method: 'GET', path: `/aliases/${alias}`, deadline: this.timing.read } as const;
    const json = await node.rest.ask(request, [404]);
    return json === undefined ? undefined : aliasAnswer.parse(json).class;
  }

  /** Waits until the nodes know of a change: each follows the leader a moment later. */
  async #spread(isKnown: (node: WeaviateNode) => Promise<boolean>): Promise<void> {
    const end = performance.now() + spreadWithin;
    for (const node of this.rotation.inTurn()) {
      while (performance.now() < end) {
        if (await isKnown(node).catch(() => true)) break;
        await setTimeout(look);
      }
    }
  }

  #ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, missing: readonly number[] = []) {
    const deadline = method === 'GET' ? this.timing.read : this.timing.write;
    return this.rotation.through((node) => node.rest.ask({ method, path, body, deadline }, missing), { isAny: true });
  }

  #somethingElse(): StoreError {
    return new StoreError(
      `'${this.uri}' is a collection of something else, not a store of lookalike's: choose another name for the collection`,
    );
  }
}
