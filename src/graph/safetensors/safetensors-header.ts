import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { bytesPerElement, type ElementType } from '../tensor/element-type.ts';
import { formatShape, type StaticShape, sizeOf } from '../tensor/shape.ts';

/** One tensor of a safetensors file: what it is and where its bytes are, counted from the end of the header. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: StaticShape;
  readonly start: number;
  readonly end: number;
}

/** What the JSON header of a safetensors file says; entries in the order of their bytes. */
export interface SafetensorsHeader {
  readonly entries: readonly SafetensorsEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** The longest header that the format allows, in bytes. */
export const longestHeader = 100_000_000;

/** The format's names of our element types, in the order in which its reference implementation writes them. */
const dtypes: Readonly<Record<ElementType, string>> = {
  int64: 'I64',
  float64: 'F64',
  float32: 'F32',
  int32: 'I32',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};
const typeOf = new Map(Object.entries(dtypes).map(([type, dtype]) => [dtype, type as ElementType]));
const rank = Object.keys(dtypes);

const size = z.int().nonnegative();
const entrySchema = z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) });

/** The order of tensors in a file: wide elements first, so that all are aligned; then by name. */
export function compareEntries(
  a: Pick<SafetensorsEntry, 'type' | 'name'>,
  b: Pick<SafetensorsEntry, 'type' | 'name'>,
): number {
  return rank.indexOf(a.type) - rank.indexOf(b.type) || (a.name < b.name ? -1 : 1);
}

/**
 * The JSON text of a header for these tensors, one behind the other in the order given. Spaces at its end make its
 * length a multiple of 8.
 *
 * @throws if a tensor has the name that the format keeps for itself, or the header is longer than the format allows.
 */
export function formatHeader(
  tensors: readonly Pick<SafetensorsEntry, 'name' | 'type' | 'shape'>[],
  metadata: ReadonlyMap<string, string>,
): string {
  // Joined by hand: as properties of an object, names such as '7' would move to the front.
  const texts = [...metadata].map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
  const parts = texts.length > 0 ? [`"__metadata__":{${texts.join(',')}}`] : [];
  let start = 0;
  for (const { name, type, shape } of tensors) {
    if (name === '__metadata__') throw new FileError("a tensor in a safetensors file cannot be named '__metadata__'");
    const end = start + sizeOf(shape) * bytesPerElement[type];
    parts.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: dtypes[type], shape, data_offsets: [start, end] })}`);
    start = end;
  }
  const text = `{${parts.join(',')}}`;
  const length = Buffer.byteLength(text);
  if (length > longestHeader) {
    throw new FileError(`a safetensors header has at most ${longestHeader} bytes, this one would have ${length}`);
  }
  return text + ' '.repeat((8 - (length % 8)) % 8);
}

/**
 * Reads and checks a header's JSON text: every tensor's bytes are as many as its type and shape say, and together they
 * fill the `dataLength` bytes behind the header without gap or overlap.
 *
 * @throws if not, naming the tensor.
 */
export function parseHeader(text: string, dataLength: number): SafetensorsHeader {
  const { __metadata__: metadata = {}, ...tensors } = propertiesOf(parseJson(text), 'header');
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value));
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.start !== end) {
      throw new FileError(
        `tensor '${entry.name}' begins at byte ${entry.start} of the data, the one before ends at ${end}`,
      );
    }
    end = entry.end;
  }
  if (end !== dataLength) throw new FileError(`its tensors take ${end} bytes, but it has ${dataLength} bytes of data`);
  return { entries, metadata: parseMetadata(metadata) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileError('its header is not JSON', { cause: error });
  }
}

function propertiesOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FileError(`its ${what} is no object`);
  return value as Record<string, unknown>;
}

function parseMetadata(metadata: unknown): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, text] of Object.entries(propertiesOf(metadata, 'metadata'))) {
    if (typeof text !== 'string') throw new FileError(`its metadata '${key}' is not a text`);
    texts.set(key, text);
  }
  return texts;
}

function parseEntry(name: string, value: unknown): SafetensorsEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    throw new FileError(`tensor '${name}' is not described by dtype, shape and data_offsets: ${JSON.stringify(value)}`);
  }
  const { dtype, shape, data_offsets } = parsed.data;
  const type = typeOf.get(dtype);
  if (type === undefined) {
    throw new FileError(`tensor '${name}' has elements of type ${dtype}; known are ${[...typeOf.keys()].join(', ')}`);
  }
  const [start, end] = data_offsets;
  const bytes = sizeOf(shape) * bytesPerElement[type];
  if (end - start !== bytes) {
    throw new FileError(
      `tensor '${name}', ${dtype}${formatShape(shape)}, takes ${bytes} bytes, but its offsets are ${start} to ${end}`,
    );
  }
  return { name, type, shape, start, end };
}
