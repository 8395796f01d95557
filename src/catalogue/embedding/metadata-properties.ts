import { ModelError } from '../../foundation/errors/model-error.ts';
import { jsonExtent } from '../../foundation/files/json-extent.ts';
import { jsonIssue } from '../../foundation/files/json-issue.ts';
import type { JsonValue } from '../../foundation/files/json-value.ts';
import { ownPropertyPrefix as prefix } from '../../foundation/own-property.ts';
import { type ModelMetadata, metadataBounds, modelFormat, modelMetadataSchema } from './model-metadata.ts';

/** True for the key of a property that is ours to write and to read. */
export function isOwnProperty(key: string): boolean {
  return key.startsWith(prefix);
}

/**
 * Metadata as the properties of an ONNX file: one a key, `lookalike.<key>`, each value JSON.
 *
 * @throws if they could not be read back: a value is beyond its bounds, naming the property.
 */
export function metadataProperties(metadata: ModelMetadata): Map<string, string> {
  // As they will be read, and so in the schema's order: the same metadata are always the same bytes.
  return propertiesOf(metadataOf(valuesOf(propertiesOf(metadata))));
}

function propertiesOf(metadata: ModelMetadata): Map<string, string> {
  const given = Object.entries(metadata).filter(([, value]) => value !== undefined);
  return new Map(given.map(([key, value]) => [prefix + key, JSON.stringify(value)]));
}

/**
 * Metadata from the properties of an ONNX file; properties of others are passed over.
 *
 * @throws if there is none of ours, if the format is another version, or if a property is missing, given twice, wrong or beyond
 * its bounds, naming it.
 */
export function parseMetadata(properties: Iterable<readonly [key: string, value: string]>): ModelMetadata {
  const own = [...properties].filter(([key]) => isOwnProperty(key));
  if (!own.some(([key]) => key === `${prefix}format`)) {
    throw new ModelError('it is an ONNX file, but not a model of lookalike: give the model.onnx of a training run');
  }
  try {
    return metadataOf(valuesOf(own));
  } catch (error) {
    if (error instanceof OtherFormat) throw new ModelError(error.message, { cause: error });
    throw new ModelError(`${(error as Error).message}: the file is damaged, fetch or train it again`, { cause: error });
  }
}

/** A file of another version of the layout: it is sound. */
class OtherFormat extends Error {}

function metadataOf(values: ReadonlyMap<string, JsonValue>): ModelMetadata {
  const format = values.get('format');
  if (format !== modelFormat) {
    throw new OtherFormat(
      `it has format ${JSON.stringify(format).slice(0, 60)} and this version reads format ${modelFormat}: ` +
        'use the version of lookalike that wrote it, or train it again',
    );
  }
  const all = Object.fromEntries(values);
  const parsed = modelMetadataSchema.safeParse(all);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ModelError(
    issue.path.length === 0
      ? `its properties are others than this version knows (${issue.message})`
      : `its property ${jsonIssue(all, issue, prefix)}`,
  );
}

function valuesOf(properties: Iterable<readonly [key: string, value: string]>): Map<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const [key, text] of properties) {
    const name = key.slice(prefix.length);
    if (values.has(name)) throw new ModelError(`it has the property '${key}' twice`);
    values.set(name, boundedValue(key, text));
  }
  return values;
}

/** The value of a property. @throws if it is not JSON, or is longer, nested deeper or of more values than `metadataBounds` says. */
function boundedValue(key: string, text: string): JsonValue {
  const most = metadataBounds;
  if (text.length > most.propertyLength) {
    throw new ModelError(
      `its property '${key}' has ${text.length} characters, and at most ${most.propertyLength} are read`,
    );
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelError(`its property '${key}' is not JSON`, { cause: error });
  }
  const { depth, values } = jsonExtent(value);
  if (depth > most.depth) {
    throw new ModelError(`its property '${key}' is nested ${depth} deep, and at most ${most.depth} are read`);
  }
  if (values > most.values) {
    throw new ModelError(`its property '${key}' has ${values} values, and at most ${most.values} are read`);
  }
  return value;
}
