import { z } from 'zod';
import { metadataOfJsonText } from '../metadata-json.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { Neighbour, StoredImage, StoredVector } from '../vector-store.ts';
import type { PostgresRow } from './connection.ts';
import { vectorOfText } from './vectors.ts';

/** The columns that say what is known of an image beside its vector. */
export const imageColumns = 'id, content_hash, modified_at, byte_length, added_from, metadata::text AS metadata';

const knownRow = z.object({ id: z.string(), added_from: z.string().nullable(), metadata: z.string() });
const imageRow = knownRow.extend({ content_hash: z.string(), modified_at: z.number(), byte_length: z.number() });
const vectorRow = z.object({ vector: z.string() });
const foundRow = z.object({ distance: z.number() });

/** What a row says of an image beside its vector. */
export function storedImageOf(row: PostgresRow): StoredImage {
  const { content_hash, modified_at, byte_length } = imageRow.parse(row);
  const { id, ...known } = knownOfRow(row);
  return { id, contentHash: content_hash, modifiedAt: modified_at, byteLength: byte_length, ...known };
}

/** A row with its vector. */
export function storedVectorOf(row: PostgresRow, stamp: StoreStamp): StoredVector {
  return { ...storedImageOf(row), vector: vectorOfText(stamp, vectorRow.parse(row).vector) };
}

/** A row of a search. */
export function neighbourOf(row: PostgresRow): Neighbour {
  const { id, ...known } = knownOfRow(row);
  return { id, distance: foundRow.parse(row).distance, ...known };
}

function knownOfRow(row: PostgresRow): Omit<Neighbour, 'distance'> {
  const { id, added_from, metadata: text } = knownRow.parse(row);
  const metadata = metadataOfJsonText(text);
  return {
    id,
    ...(metadata === undefined ? {} : { metadata }),
    ...(added_from === null ? {} : { addedFrom: added_from }),
  };
}
