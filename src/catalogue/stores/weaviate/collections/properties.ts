import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type MetadataField, metadataKinds } from '../../../metadata/metadata.ts';

/** What Weaviate keeps of an object beside its vector: the names of its properties, which have to be plain ones. */
export const ownProperties = {
  /** The image's name, for filters; see `valueKey`. */
  key: 'key',
  /** What is known of the image, as JSON: what is read. All others are there to be filtered by. */
  image: 'image',
  /** The number of the write that it was written by: the same on all replicas that have the same. */
  revision: 'revision',
  /** The properties of the fields that the image has a value in. */
  present: 'present',
} as const;

/** A condition that every image meets. */
export const everyImage = { property: ownProperties.present, value: 'image' } as const;

/** A property as a collection defines it. */
export interface PropertyDefinition {
  readonly name: string;
  readonly dataType: readonly ['text'] | readonly ['text[]'] | readonly ['number'];
  readonly description?: string;
  readonly tokenization?: 'field';
  readonly indexFilterable: boolean;
  readonly indexSearchable?: false;
  readonly indexRangeFilters?: false;
}

/** The properties that every collection of images has. */
export const imageProperties: readonly PropertyDefinition[] = [
  textProperty(ownProperties.key, 'text', true),
  textProperty(ownProperties.image, 'text', false),
  textProperty(ownProperties.present, 'text[]', true),
  numberProperty(ownProperties.revision),
];

/** The properties of what a store notes about itself. */
export const noteProperties: readonly PropertyDefinition[] = [
  textProperty('name', 'text', false),
  textProperty('text', 'text', false),
  numberProperty(ownProperties.revision),
];

const described = z.strictObject({ field: z.string(), kind: z.enum(metadataKinds) });

/** The property that a field of the metadata is filtered by: plain names stay readable. */
export function fieldProperty(name: string): string {
  if (/^[a-z0-9_]{1,60}$/.test(name)) return `m_${name}`;
  return `h_${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

/** A field as a property, which says in its description what field it is. */
export function fieldDefinition({ name, kind }: MetadataField): PropertyDefinition {
  const property = textProperty(fieldProperty(name), kind === 'list' ? 'text[]' : 'text', true);
  const description: z.infer<typeof described> = { field: name, kind };
  return { ...property, description: JSON.stringify(description) };
}

/** The field that a property's description tells of; undefined of a property that is none of a field. */
export function describedField(description: string): MetadataField | undefined {
  try {
    const { field, kind } = described.parse(JSON.parse(description));
    return { name: field, kind };
  } catch {
    return undefined;
  }
}

function textProperty(name: string, type: 'text' | 'text[]', indexFilterable: boolean): PropertyDefinition {
  return { name, dataType: [type], tokenization: 'field', indexFilterable, indexSearchable: false };
}

function numberProperty(name: string): PropertyDefinition {
  return { name, dataType: ['number'], indexFilterable: false, indexRangeFilters: false };
}
