import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { fileLines } from '../../foundation/files/file-lines.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { kindOf, type Metadata, type MetadataValue, metadataJson } from '../metadata/metadata.ts';
import { dateOf } from '../metadata/value-text.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { checkedRows, keptRows, stampOfFile } from './checked-rows.ts';
import { namedVectorOf } from './named-vector.ts';
import { inLists, type NamedVector, type NamedVectors, type VectorRows, type VectorTable } from './vector-table.ts';

const rowSchema = z.strictObject({
  id: z.string(),
  contentHash: z.string(),
  modifiedAt: z.number(),
  byteLength: z.number(),
  addedFrom: z.string().optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
  /** Fields of the metadata that hold dates. */
  dates: z.array(z.string()).optional(),
  vector: z.array(z.number()),
});

/** Writes JSON lines: `{"stamp": …}`, then an image a line. @throws if a vector is none of the stamp. */
export async function writeJsonLines(file: string, table: VectorRows): Promise<void> {
  await writeAtomically(file, linesOf(file, table));
}

async function* linesOf(file: string, table: VectorRows): AsyncGenerator<string> {
  yield `${JSON.stringify({ stamp: table.stamp })}\n`;
  for await (const rows of keptRows(file, table)) for (const row of rows) yield `${lineOf(row)}\n`;
}

function lineOf({ metadata, vector, ...image }: StoredVector): string {
  const dates = Object.entries(metadata ?? {}).filter(([, value]) => kindOf(value) === 'date');
  return JSON.stringify({
    ...image,
    ...(metadata === undefined ? {} : { metadata: metadataJson(metadata) }),
    ...(dates.length === 0 ? {} : { dates: dates.map(([name]) => name) }),
    vector: [...vector],
  });
}

/**
 * Reads such lines; or another program's, without a first line about the model: `{"id": …, "vector": […]}`, whatever else they say.
 *
 * @throws FileError with the line that is wrong.
 */
export async function readJsonLines(file: string): Promise<VectorTable | NamedVectors> {
  for await (const { json } of objectsOf(file)) {
    if (!('stamp' in json)) return { named: () => inLists(namedLines(file)) };
    const stamp = stampOfFile(file, JSON.stringify(json.stamp));
    return { stamp, rows: () => checkedRows(file, stamp, inLists(rowLines(file))) };
  }
  throw new FileError(`'${file}' is empty: it has to have a line for each image`);
}

/** A line of the file that holds an object. */
interface ObjectLine {
  readonly line: number;
  readonly json: Readonly<Record<string, unknown>>;
}

async function* objectsOf(file: string): AsyncGenerator<ObjectLine> {
  for await (const { text, line } of fileLines(file)) {
    if (text.trim() !== '') yield { line, json: parsed(file, line, text) };
  }
}

async function* rowLines(file: string): AsyncGenerator<StoredVector> {
  let isFirst = true;
  for await (const { line, json } of objectsOf(file)) {
    if (!isFirst) yield rowOf(file, line, json);
    isFirst = false;
  }
}

async function* namedLines(file: string): AsyncGenerator<NamedVector> {
  for await (const { line, json } of objectsOf(file)) yield namedVectorOf(`${file}, line ${line}`, json);
}

function parsed(file: string, line: number, text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FileError(`line ${line} of '${file}' is no JSON: ${excerpt((error as Error).message, 200)}`, {
      cause: error,
    });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw new FileError(`line ${line} of '${file}' is no object: expected {"id": …, "vector": […]}`);
}

function rowOf(file: string, line: number, json: unknown): StoredVector {
  const found = rowSchema.safeParse(json);
  if (!found.success) {
    const [issue] = found.error.issues;
    throw new FileError(
      `line ${line} of '${file}' is no image with a vector: ${issue.path.join('.')} ${issue.message}`,
    );
  }
  const { metadata, dates = [], vector, addedFrom, ...image } = found.data;
  return {
    ...image,
    ...(addedFrom === undefined ? {} : { addedFrom }),
    ...(metadata === undefined ? {} : { metadata: withDates(metadata, dates) }),
    vector: Float32Array.from(vector),
  };
}

function withDates(metadata: Readonly<Record<string, MetadataValue>>, dates: readonly string[]): Metadata {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      dates.includes(name) ? (dateOf(String(value)) ?? value) : value,
    ]),
  );
}
