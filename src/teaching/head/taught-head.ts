import { type Matrix, unitMatrix } from '../../ranking/closed-forms/matrix.ts';
import { headParts } from './parts-graph.ts';

/** One part of a taught head: `x -> sqrt(share) M x / |M x|`. */
export interface TaughtPart {
  readonly name: (typeof headParts)[number];
  /** Share of the squared distance; the shares of all parts are 1 together. */
  readonly share: number;
  /** M, [length, length]. */
  readonly map: Matrix;
}

/** A head: its parts, in the order of `headParts`; parts without a share are left out. */
export type TaughtHead = readonly TaughtPart[];

/** One part of the features of pictures. */
export interface FeaturePart {
  readonly length: number;
  /** [pictures, length], each row of unit length. */
  readonly rows: Float32Array;
}

/** Features of pictures, as a head takes them: a part for each of `headParts`. */
export type HeadFeatures = readonly FeaturePart[];

/** Embeddings of pictures. */
export interface HeadEmbeddings {
  readonly data: Float32Array;
  readonly dimension: number;
}

/** The head that changes nothing: the embedding as it is. */
export function untaughtHead([embedding]: HeadFeatures): TaughtHead {
  return [{ name: headParts[0], share: 1, map: unitMatrix(embedding.length) }];
}

/** The parts of features as they are, joined by a share of the colours. */
export function joinedBy(share: number, features: HeadFeatures): TaughtHead {
  const [embedding, colours] = [1 - share, share];
  return [embedding, colours].flatMap((own, part) =>
    own === 0 ? [] : [{ name: headParts[part], share: own, map: unitMatrix(features[part].length) }],
  );
}

/** The part of some features that a part of a head takes. */
export const featuresOf = ({ name }: Pick<TaughtPart, 'name'>, features: HeadFeatures): FeaturePart =>
  features[headParts.indexOf(name)];

/** What a head makes of features: rows of unit length. */
export function embeddedBy(head: TaughtHead, features: HeadFeatures): HeadEmbeddings {
  const dimension = head.reduce((sum, { map }) => sum + map.rows, 0);
  const count = features[0].rows.length / features[0].length;
  const data = new Float32Array(count * dimension);
  let to = 0;
  for (const part of head) {
    const { length, rows } = featuresOf(part, features);
    for (let row = 0; row < count; row++) {
      const x = rows.subarray(row * length, (row + 1) * length);
      data.set(unitTimes(part.map, x, Math.sqrt(part.share)), row * dimension + to);
    }
    to += part.map.rows;
  }
  return { data, dimension };
}

/** Features of some pictures. */
export function featuresAt(features: HeadFeatures, pictures: readonly number[]): HeadFeatures {
  return features.map(({ length, rows }) => {
    const chosen = new Float32Array(pictures.length * length);
    for (const [place, picture] of pictures.entries()) {
      chosen.set(rows.subarray(picture * length, (picture + 1) * length), place * length);
    }
    return { length, rows: chosen };
  });
}

/** `length M x / |M x|`. */
function unitTimes({ rows, columns, data }: Matrix, x: Float32Array, length: number): Float64Array {
  const mapped = new Float64Array(rows);
  let square = 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += data[row * columns + column] * x[column];
    mapped[row] = sum;
    square += sum * sum;
  }
  const scale = square === 0 ? 0 : length / Math.sqrt(square);
  return mapped.map((value) => value * scale);
}

/** Rows of several parts, one behind the other, as parts. */
export function splitFeatures(rows: Float32Array, lengths: readonly number[]): HeadFeatures {
  const width = lengths.reduce((sum, length) => sum + length, 0);
  let from = 0;
  return lengths.map((length) => {
    const part = new Float32Array((rows.length / width) * length);
    for (let row = 0; row < rows.length / width; row++) {
      part.set(rows.subarray(row * width + from, row * width + from + length), row * length);
    }
    from += length;
    return { length, rows: part };
  });
}
