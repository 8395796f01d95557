import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { fileLines } from '../../foundation/files/file-lines.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { kindOf, type Metadata, type MetadataValue, metadataJson } from '../metadata/metadata.ts';
import { dateOf } from '../metadata/value-text.ts';
import { checkRows } from '../stores/check-vectors.ts';
import { parseStamp, type StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { namedVectorOf } from './named-vector.ts';
import type { NamedVector, NamedVectors, VectorTable } from './vector-table.ts';

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
export async function writeJsonLines(file: string, { stamp, rows }: VectorTable): Promise<void> {
  checkRows(file, stamp, rows);
  await writeAtomically(file, linesOf(stamp, rows));
}

function* linesOf(stamp: StoreStamp, rows: readonly StoredVector[]): Generator<string> {
  yield `${JSON.stringify({ stamp })}\n`;
  for (const row of rows) yield `${lineOf(row)}\n`;
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
  let stamp: VectorTable['stamp'] | undefined;
  const rows: StoredVector[] = [];
  const named: NamedVector[] = [];
  for await (const { text, line } of fileLines(file)) {
    if (text.trim() === '') continue;
    const json = parsed(file, line, text);
    if (stamp === undefined && named.length === 0 && 'stamp' in json)
      stamp = parseStamp(file, JSON.stringify(json.stamp));
    else if (stamp === undefined) named.push(namedVectorOf(`${file}, line ${line}`, json));
    else rows.push(rowOf(file, line, json));
  }
  if (stamp === undefined && named.length > 0) return { named };
  if (stamp === undefined) throw new FileError(`'${file}' is empty: it has to have a line for each image`);
  checkRows(file, stamp, rows);
  return { stamp, rows };
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
