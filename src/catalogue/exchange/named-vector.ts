import { FileError } from '../../foundation/errors/file-error.ts';
import type { NamedVector } from './vector-table.ts';

/**
 * A row of another program's table: `id`, a text, and `vector`, a list of numbers.
 *
 * @param place where the row is, for the error: the file, and perhaps the line.
 * @throws FileError if it is something else.
 */
export function namedVectorOf(place: string, { id, vector }: Readonly<Record<string, unknown>>): NamedVector {
  if (typeof id !== 'string' || id === '') {
    throw new FileError(`an id of '${place}' is ${shown(id)}: expected the name of an image, such as shoes/1.jpg`);
  }
  const elements = isList(vector) ? Array.from(vector) : undefined;
  const wrong = elements?.findIndex((element) => typeof element !== 'number' || !Number.isFinite(element));
  if (elements === undefined || elements.length === 0 || wrong !== -1) {
    const what =
      elements === undefined || elements.length === 0 || wrong === undefined
        ? `the vector of '${id}' in '${place}' is ${shown(vector)}`
        : `element ${wrong} of the vector of '${id}' in '${place}' is ${shown(elements[wrong])}`;
    throw new FileError(`${what}: expected a list of finite numbers`);
  }
  return { id, vector: Float32Array.from(elements, Number) };
}

/** @throws FileError if a table lacks the columns that a row has to have. */
export function requireColumns(file: string, format: string, names: readonly string[]): void {
  for (const name of ['id', 'vector']) {
    if (names.includes(name)) continue;
    const has = names.length === 0 ? 'without any' : `with ${names.slice(0, 10).join(', ')}`;
    throw new FileError(`'${file}' is ${format} without a column '${name}', but ${has}: name them id and vector`);
  }
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'no list of numbers' : String(value);
}
