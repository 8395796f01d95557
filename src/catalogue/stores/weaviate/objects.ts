import { z } from 'zod';
import type { Metadata } from '../../metadata/metadata.ts';
import { metadataJsonText, metadataOfJsonText } from '../metadata-json.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { Neighbour, StoredImage, StoredVector } from '../vector-store.ts';
import { everyImage, fieldProperty, ownProperties } from './collections/properties.ts';
import { objectId } from './object-ids.ts';
import { valueKey } from './text-key.ts';

/** An object as it is written. */
export interface WrittenObject {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly vector?: readonly number[] | undefined;
}

/** An object as it is read. */
export interface ReadObject {
  readonly id: string;
  readonly revision: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly vector?: readonly number[] | undefined;
}

const readObject = z.object({
  id: z.string(),
  properties: z.looseObject({ revision: z.number() }),
  vectors: z.object({ default: z.array(z.number()).optional() }).optional(),
});

const knownOfImage = z.strictObject({
  id: z.string(),
  contentHash: z.string(),
  modifiedAt: z.number(),
  byteLength: z.number(),
  addedFrom: z.string().optional(),
  metadata: z.string().optional(),
});

/** An object of a REST answer. */
export function objectOfAnswer(json: unknown): ReadObject {
  const { id, properties, vectors } = readObject.parse(json);
  return { id, revision: properties.revision, properties, vector: vectors?.default };
}

/** A row as an object, whose UUID is `objectId` of the row's id. */
export function imageObject(stamp: StoreStamp, row: StoredVector): WrittenObject {
  const { id, contentHash, modifiedAt, byteLength, addedFrom, metadata = {} } = row;
  const known: z.infer<typeof knownOfImage> = {
    id,
    contentHash,
    modifiedAt,
    byteLength,
    ...(addedFrom === undefined ? {} : { addedFrom }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata: metadataJsonText(metadata) }),
  };
  return {
    properties: {
      [ownProperties.key]: valueKey(id),
      [ownProperties.image]: JSON.stringify(known),
      [ownProperties.present]: [everyImage.value, ...Object.keys(metadata).map(fieldProperty)],
      ...filteredValues(metadata),
    },
    vector: Array.from(keptVector(stamp, row.vector)),
  };
}

/** A note as an object, whose UUID is `objectId` of its name. */
export function noteObject(name: string, text: string): WrittenObject {
  return { properties: { name, text } };
}

/** What the property `image` tells. */
export function storedImageOf(image: unknown): StoredImage {
  const { metadata: text, ...known } = knownOfImage.parse(JSON.parse(z.string().parse(image)));
  const metadata = text === undefined ? undefined : metadataOfJsonText(text);
  return { ...known, ...(metadata === undefined ? {} : { metadata }) };
}

/** A row with its vector. @throws if the object has none. */
export function storedVectorOf({ properties, vector }: ReadObject): StoredVector {
  return {
    ...storedImageOf(properties[ownProperties.image]),
    vector: Float32Array.from(z.array(z.number()).parse(vector)),
  };
}

/** An answer of a search, of the property `image`. */
export function neighbourOf(image: string, distance: number): Neighbour {
  const { id, metadata, addedFrom } = storedImageOf(image);
  return {
    id,
    distance,
    ...(metadata === undefined ? {} : { metadata }),
    ...(addedFrom === undefined ? {} : { addedFrom }),
  };
}

/** A vector as a store keeps it, and asks for it: of one for Hamming distances, which Weaviate counts by unequal elements, the signs. */
export function keptVector(stamp: StoreStamp, vector: Float32Array): Float32Array {
  return stamp.distance === 'hamming' ? vector.map((x) => (x > 0 ? 1 : -1)) : vector;
}

/** The UUIDs of images. */
export function imageIds(names: readonly string[]): string[] {
  return names.map(objectId);
}

function filteredValues(metadata: Metadata): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      fieldProperty(name),
      Array.isArray(value)
        ? value.map((one: string) => valueKey(one))
        : valueKey(value as Exclude<typeof value, readonly string[]>),
    ]),
  );
}
