import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import { signBits, signsOfBits } from '../../../ranking/distances/sign-bits.ts';
import type { StoreStamp } from '../store-stamp.ts';

/** pgvector as a database has it. */
export interface VectorExtension {
  /** Its schema as SQL names it. */
  readonly schema: string;
  /** The number of its type `vector` there. */
  readonly type: number;
}

/** The number of the type `bit varying` everywhere. */
const varbit = 1562;

/** The type of a store's column of vectors: of Hamming distances the sign bits alone. */
export function vectorColumnType({ distance, dimension }: StoreStamp, { schema }: VectorExtension): string {
  return distance === 'hamming' ? `bit(${dimension})` : `${schema}.vector(${dimension})`;
}

/** The type of many vectors as a parameter; `bit[]` would be of one bit each. */
export function vectorArrayType({ distance }: StoreStamp, { schema }: VectorExtension): string {
  return distance === 'hamming' ? 'varbit[]' : `${schema}.vector[]`;
}

/** The functions of pgvector that compute distances. */
const functions: Readonly<Record<SearchDistanceName, string>> = {
  euclidean: 'l2_distance',
  'squared-euclidean': 'vector_l2_squared_distance',
  cosine: 'cosine_distance',
  manhattan: 'l1_distance',
  hamming: 'hamming_distance',
};

/**
 * The distance of the column of vectors from a parameter, as SQL computes it. It is written as a function, not as an operator,
 * so that no approximate index that somebody made on the column answers instead. A vector of zeros is at cosine distance 1
 * from all, where pgvector says that it is at none.
 */
export function sqlDistance(stamp: StoreStamp, { schema }: VectorExtension, parameter: number): string {
  const type = stamp.distance === 'hamming' ? `bit(${stamp.dimension})` : `${schema}.vector`;
  const computed = `${schema}.${functions[stamp.distance]}(vector, $${parameter}::${type})`;
  return stamp.distance === 'cosine' ? `coalesce(nullif(${computed}, 'NaN'), 1)` : computed;
}

/** The column of vectors as text that `vectorOfText` reads. */
export function sqlVectorText(stamp: StoreStamp, { schema }: VectorExtension): string {
  return `encode(${stamp.distance === 'hamming' ? 'bit_send' : `${schema}.vector_send`}(vector), 'base64')`;
}

/** A vector, read from base64 of the server's binary form. */
export function vectorOfText({ distance, dimension }: StoreStamp, text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  // Both forms begin with 4 bytes on their length.
  if (distance === 'hamming') return signsOfBits(bytes.subarray(4), dimension);
  return Float32Array.from({ length: dimension }, (_, place) => bytes.readFloatBE(4 + 4 * place));
}

/**
 * A vector as a parameter, in the server's binary form, whatever the client writes numbers as: its dimension in two bytes, two
 * bytes of zeros and the elements as float32, or the number of bits in four bytes and the bits; the first byte is the highest.
 */
export function vectorBytes({ distance, dimension }: StoreStamp, vector: Float32Array): Buffer {
  if (distance === 'hamming') {
    const bits = signBits(vector);
    const bytes = Buffer.alloc(4 + bits.length);
    bytes.writeInt32BE(dimension);
    bytes.set(bits, 4);
    return bytes;
  }
  const bytes = Buffer.alloc(4 + 4 * dimension);
  bytes.writeUInt16BE(dimension);
  for (const [place, element] of vector.entries()) bytes.writeFloatBE(element, 4 + 4 * place);
  return bytes;
}

/** Vectors as one parameter: an array of one dimension in the server's binary form. */
export function vectorArray(stamp: StoreStamp, extension: VectorExtension, vectors: readonly Float32Array[]): Buffer {
  const elements = vectors.map((vector) => vectorBytes(stamp, vector));
  const header = Buffer.alloc(20);
  const type = stamp.distance === 'hamming' ? varbit : extension.type;
  // One dimension, no missing elements, their type, their number, the index of the first.
  for (const [place, value] of [1, 0, type, elements.length, 1].entries()) header.writeUInt32BE(value, 4 * place);
  return Buffer.concat([header, ...elements.flatMap((bytes) => [lengthOf(bytes), bytes])]);
}

function lengthOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return length;
}
