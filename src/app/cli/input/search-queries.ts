import { readFile } from 'node:fs/promises';
import type { SearchQuery } from '../../../catalogue/mirror/query-vector.ts';
import { fileError } from '../../../foundation/files/file-error.ts';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import { CommandLineError } from '../command-line-error.ts';
import { namedPictures } from './named-pictures.ts';

/** What somebody looks for. */
export interface NamedQuery {
  /** As it was typed. */
  readonly name: string;
  /** What a search takes; of several that are averaged all of them. */
  readonly query: SearchQuery | readonly SearchQuery[];
  /** The picture, for a page; undefined of an id or a vector. */
  readonly source: ImageSource | undefined;
}

/** What was given to search for. */
export interface GivenQueries {
  readonly images: readonly string[];
  readonly ids: readonly string[];
  /** Files of JSON, an array of numbers each. */
  readonly vectors: readonly string[];
}

/**
 * The queries of a command line, in the order pictures, ids, vectors.
 *
 * @param together make one of them.
 * @throws as `namedPictures` does; CommandLineError if a file of a vector holds none.
 */
export async function searchQueries(
  { images, ids, vectors }: GivenQueries,
  together: boolean,
  limits: PartialPictureLimits,
): Promise<NamedQuery[]> {
  const pictures = await namedPictures(images, limits);
  const queries: NamedQuery[] = [
    ...pictures.map(({ name, source }) => ({ name, query: source, source })),
    ...ids.map((id) => ({ name: id, query: { id }, source: undefined })),
  ];
  for (const file of vectors) queries.push({ name: file, query: { vector: await vectorOf(file) }, source: undefined });
  if (!together || queries.length < 2) return queries;
  return [
    {
      name: queries.map(({ name }) => name).join(' + '),
      query: queries.flatMap(({ query }) => query as SearchQuery),
      source: queries.find(({ source }) => source !== undefined)?.source,
    },
  ];
}

/**
 * Examples of what results are to be like, or unlike: files, or else names of images in the store.
 *
 * @throws as `namedPictures` does, of a file.
 */
export async function exampleQueries(names: readonly string[], limits: PartialPictureLimits): Promise<SearchQuery[]> {
  const { exists } = await import('../../../foundation/files/exists.ts');
  const examples: SearchQuery[] = [];
  for (const name of names) {
    if (name !== '-' && !(await exists(name))) examples.push({ id: name });
    else for (const { source } of await namedPictures([name], limits)) examples.push(source);
  }
  return examples;
}

async function vectorOf(file: string): Promise<number[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  const wrong = new CommandLineError(
    `'${file}' is no vector: it has to hold an array of numbers as JSON, such as [0.1, -0.2]`,
  );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (!Array.isArray(json) || !json.every((one): one is number => typeof one === 'number')) throw wrong;
  return json;
}
