import { StoreError } from '../../foundation/errors/store-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { VectorStore } from '../stores/vector-store.ts';
import { combinedVector } from './combined-vector.ts';

/** What is looked for: a picture, an image of the store by its name, or a vector of the model's. */
export type SearchQuery = ImageArgument | { readonly id: string } | { readonly vector: ArrayLike<number> };

/** What a query is made of. */
export interface QueryExamples {
  /** What is looked for; of several the mean. */
  readonly queries: readonly SearchQuery[];
  /** Pictures like these, too. */
  readonly like: readonly SearchQuery[];
  /** Not pictures like these. */
  readonly unlike: readonly SearchQuery[];
}

/**
 * The vector that a store is asked for, see `combinedVector`.
 *
 * @throws UnreadableImageError if a picture cannot be decoded; StoreError if an id is not there; UsageError if nothing is looked
 * for, or the sum has no direction.
 */
export async function queryVector(
  embedder: Embedder,
  store: VectorStore,
  { queries, like, unlike }: QueryExamples,
): Promise<Float32Array> {
  if (queries.length === 0 && like.length === 0) {
    throw new UsageError('nothing is looked for: give a picture, an id, a vector, or what is to be like', {
      path: 'query',
      expected: 'a picture, an id or a vector',
    });
  }
  const vectors = await vectorsOf(embedder, store, [...queries, ...like, ...unlike]);
  return combinedVector({
    queries: vectors.slice(0, queries.length),
    like: vectors.slice(queries.length, queries.length + like.length),
    unlike: vectors.slice(queries.length + like.length),
  });
}

/** The vectors of queries, in their order; pictures are embedded together. */
async function vectorsOf(
  embedder: Embedder,
  store: VectorStore,
  queries: readonly SearchQuery[],
): Promise<Float32Array[]> {
  const pictures = queries.filter((query): query is ImageArgument => !isId(query) && !isVector(query));
  const ids = queries.filter(isId).map(({ id }) => id);
  const embedded = pictures.length === 0 ? [] : await embedder.embedImages(pictures);
  const rows = new Map((await store.rows(ids)).map(({ id, vector }) => [id, vector]));
  let picture = 0;
  return queries.map((query) => {
    if (isVector(query)) return givenVector(query.vector, store.stamp.dimension);
    if (!isId(query)) return embedded[picture++];
    const vector = rows.get(query.id);
    if (vector !== undefined) return vector;
    throw new StoreError(
      `there is no image '${query.id}' in the store '${store.uri}': an id is what search prints, or name a picture`,
    );
  });
}

/** Beyond it, distances are more than float32 holds. */
const mostOfVector = 1e15;

/** @throws UsageError if it is none of the model's. */
function givenVector(vector: ArrayLike<number>, dimension: number): Float32Array {
  const numbers = Float32Array.from(vector);
  const refusal = (expected: string, value: string) =>
    new UsageError(`a vector to search by has ${expected}; this one has ${value}`, { path: 'query', expected, value });
  if (numbers.length !== dimension) {
    throw refusal(`${dimension} numbers, as the model's embeddings have`, `${numbers.length}`);
  }
  const place = numbers.findIndex((number) => !(Math.abs(number) <= mostOfVector));
  if (place < 0) return numbers;
  throw refusal(`finite numbers of at most ${mostOfVector.toExponential()}`, `${vector[place]} at place ${place}`);
}

function isId(query: SearchQuery): query is { readonly id: string } {
  return typeof query === 'object' && query !== null && 'id' in query && typeof query.id === 'string';
}

function isVector(query: SearchQuery): query is { readonly vector: ArrayLike<number> } {
  return typeof query === 'object' && query !== null && 'vector' in query;
}
