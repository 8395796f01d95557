import { type Dimension, formatShape, normalizeAxis, type Shape } from '../tensor/shape.ts';

// Arithmetic on lengths of which some may be names. A name survives where the result is the same length; a result that
// would be another one cannot be written down and is an error that says so.

/** A product of lengths: what is known of it as a number, and the names. */
export interface Volume {
  readonly known: number;
  readonly names: readonly string[];
}

/** Number of elements of a shape, as far as it is known. */
export function volumeOf(shape: Shape): Volume {
  const names = shape.filter((length) => typeof length === 'string');
  const known = shape.reduce<number>((product, length) => (typeof length === 'number' ? product * length : product), 1);
  return { known, names };
}

/**
 * Product of lengths; 1 of none.
 *
 * @throws if it would be a name times another length.
 */
export function multiplyLengths(lengths: Shape, what: string): Dimension {
  const { known, names } = volumeOf(lengths);
  if (known === 0 || names.length === 0) return known;
  if (known === 1 && names.length === 1) return names[0];
  throw unknownLength(what, lengths.join(' x '), names);
}

/**
 * Sum of lengths; 0 of none.
 *
 * @throws if it would be a name plus another length.
 */
export function addLengths(lengths: Shape, what: string): Dimension {
  const names = lengths.filter((length) => typeof length === 'string');
  const known = lengths.reduce<number>((sum, length) => (typeof length === 'number' ? sum + length : sum), 0);
  if (names.length === 0) return known;
  if (known === 0 && names.length === 1) return names[0];
  throw unknownLength(what, lengths.join(' + '), names);
}

/** The error for a length that would have to be computed from a named one. */
export function unknownLength(what: string, formula: string, names: readonly string[]): Error {
  const unknown = [...new Set(names)];
  const reason = unknown.length === 1 ? `${unknown[0]} is only a name` : `${unknown.join(' and ')} are only names`;
  return new Error(
    `the length of ${what} would be ${formula}, which cannot be known in advance because ${reason}: give the input a known ` +
      'length',
  );
}

/** @throws unless axis `axisA` of shape `a` and axis `axisB` of shape `b` have the same length (or name). */
export function expectSameLength(a: Shape, axisA: number, nameA: string, b: Shape, axisB: number, nameB: string): void {
  if (a[axisA] === b[axisB]) return;
  throw new Error(
    `axis ${axisA} of ${nameA} ${formatShape(a)} has length ${a[axisA]}, but axis ${axisB} of ${nameB} ` +
      `${formatShape(b)} has ${b[axisB]}: they must be equal`,
  );
}

/**
 * Axes counted from the start, in the order given.
 *
 * @throws if one is outside a value of `rank` axes or named twice.
 */
export function normalizeAxes(axes: readonly number[], rank: number): number[] {
  const normalized = axes.map((axis) => existingAxis(axis, rank));
  for (const [index, axis] of normalized.entries()) {
    if (normalized.indexOf(axis) !== index) throw new Error(`axes [${axes.join(', ')}] name axis ${axis} twice`);
  }
  return normalized;
}

/** As `normalizeAxis`, but a scalar has no axis at all. */
export function existingAxis(axis: number, rank: number): number {
  if (rank === 0) throw new Error(`axis ${axis} is asked of a scalar, which has none`);
  return normalizeAxis(axis, rank);
}

/** The shape with the length of one axis replaced. */
export function withLength(shape: Shape, axis: number, length: Dimension): Dimension[] {
  return shape.map((old, index) => (index === axis ? length : old));
}
