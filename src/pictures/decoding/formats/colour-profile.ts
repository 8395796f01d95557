import { Buffer } from 'node:buffer';

/** Most of a sample of 16 bits. */
const white = 65_535;

/** How samples of 16 bits become sRGB of 8: a curve for each channel and, of colours, a matrix between them. */
export interface ProfileTransform {
  /** 1 of a grey profile, 3 of an RGB one. */
  readonly channels: 1 | 3;
  /** Of each channel the linear light, 0 to 1, of every sample from 0 to 65,535. */
  readonly curves: readonly Float32Array[];
  /** From linear light of the profile to that of sRGB, row by row. Of a grey profile the identity. */
  readonly matrix: readonly number[];
}

/**
 * The transform of an ICC profile that consists of curves and, of colours, a matrix (ICC.1:2010, 8.3.3 and 8.4.2): what
 * cameras, screens and working spaces have. Undefined for one of tables, of another colour space, or that is broken.
 */
export function profileTransform(icc: Uint8Array): ProfileTransform | undefined {
  const profile = Buffer.from(icc.buffer, icc.byteOffset, icc.length);
  try {
    if (profile.toString('latin1', 36, 40) !== 'acsp' || profile.toString('latin1', 20, 24) !== 'XYZ ')
      return undefined;
    const tags = tagsOf(profile);
    if (['A2B0', 'A2B1', 'D2B0'].some((table) => tags.has(table))) return undefined;
    const space = profile.toString('latin1', 16, 20);
    if (space === 'GRAY') return { channels: 1, curves: curvesOf(tags, ['kTRC']), matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
    if (space !== 'RGB ') return undefined;
    const [red, green, blue] = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => numbersOf(tagOf(tags, name), 8, 3));
    const toXyz = [0, 1, 2].flatMap((row) => [red[row], green[row], blue[row]]);
    return { channels: 3, curves: curvesOf(tags, ['rTRC', 'gTRC', 'bTRC']), matrix: product(xyzToLinearSrgb, toXyz) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Linear light, 0 to 1, as an sRGB sample of 8 bits (IEC 61966-2-1), by the light in 65,535ths. */
export function srgbBytes(): Uint8Array {
  return Uint8Array.from({ length: white + 1 }, (_, place) => {
    const light = place / white;
    return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
  });
}

/** From XYZ under D50, in which profiles meet, to linear sRGB: the inverse of the primaries adapted to D50 by Bradford. */
const xyzToLinearSrgb = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
];

function product(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, place) => {
    const row = place - (place % 3);
    const column = place % 3;
    return a[row] * b[column] + a[row + 1] * b[3 + column] + a[row + 2] * b[6 + column];
  });
}

function tagsOf(profile: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = Math.min(profile.readUInt32BE(128), 100);
  for (let place = 0; place < count; place++) {
    const at = 132 + 12 * place;
    const start = profile.readUInt32BE(at + 4);
    const length = profile.readUInt32BE(at + 8);
    tags.set(profile.toString('latin1', at, at + 4), profile.subarray(start, start + length));
  }
  return tags;
}

/** @throws RangeError if there is none. */
function tagOf(tags: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const tag = tags.get(name);
  if (tag === undefined) throw new RangeError(`the profile has no ${name}`);
  return tag;
}

function curvesOf(tags: ReadonlyMap<string, Buffer>, names: readonly string[]): Float32Array[] {
  return names.map((name) => {
    const curve = curveOf(tagOf(tags, name));
    return Float32Array.from({ length: white + 1 }, (_, sample) => Math.min(1, Math.max(0, curve(sample / white))));
  });
}

/** Numbers of 15.16 bits. */
function numbersOf(tag: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => tag.readInt32BE(at + 4 * place) / 65_536);
}

/** A `curv` (10.5) or `para` (10.15) tag as a function from 0 to 1. @throws RangeError if it is neither. */
function curveOf(tag: Buffer): (value: number) => number {
  const type = tag.toString('latin1', 0, 4);
  if (type === 'curv') return sampledCurve(tag);
  const numbers = [1, 3, 4, 5, 7][type === 'para' ? tag.readUInt16BE(8) : 5];
  if (numbers === undefined) throw new RangeError(`there is no curve of the type '${type}'`);
  const [gamma, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = numbersOf(tag, 12, numbers);
  if (numbers === 1) return (value) => value ** gamma;
  if (numbers === 3) return (value) => (value >= -b / a ? (a * value + b) ** gamma : 0);
  if (numbers === 4) return (value) => (value >= -b / a ? (a * value + b) ** gamma + c : c);
  return (value) => (value >= d ? (a * value + b) ** gamma + e : c * value + f);
}

function sampledCurve(tag: Buffer): (value: number) => number {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (value) => value;
  if (count === 1) {
    const gamma = tag.readUInt16BE(12) / 256;
    return (value) => value ** gamma;
  }
  if (count > white + 1) throw new RangeError('a curve of more samples than there are values');
  const samples = Float64Array.from({ length: count }, (_, place) => tag.readUInt16BE(12 + 2 * place) / white);
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(count - 2, Math.floor(place));
    return samples[below] + (samples[below + 1] - samples[below]) * (place - below);
  };
}
