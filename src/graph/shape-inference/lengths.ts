import { GraphError } from '../../foundation/errors/graph-error.ts';
import { lengthOfProduct, productOf, timesLengths } from '../tensor/length-product.ts';
import { type Dimension, formatShape, normalizeAxis, type Shape } from '../tensor/shape.ts';

// Arithmetic on lengths of which some may be names. Products of names and numbers are lengths (`2*N`), and so are sums of
// multiples of one name; any other sum cannot be written down and is an error that says so.

/** Product of lengths; 1 of none, 6*N of 2, N and 3. */
export function multiplyLengths(lengths: Shape): Dimension {
  return lengthOfProduct(timesLengths(lengths));
}

/**
 * Sum of lengths; 0 of none, 3*N of N and 2*N.
 *
 * @throws if it would be a name plus a number or another name.
 */
export function addLengths(lengths: Shape, what: string): Dimension {
  const known = lengths.reduce<number>((sum, length) => (typeof length === 'number' ? sum + length : sum), 0);
  const open = lengths.filter((length) => typeof length === 'string');
  if (open.length === 0) return known;
  const products = open.map(productOf);
  const [{ names }] = products;
  const alike = products.every((product) => product.names.join('*') === names.join('*'));
  if (known === 0 && alike) {
    return lengthOfProduct({ factor: products.reduce((sum, { factor }) => sum + factor, 0), names });
  }
  throw unknownLength(
    what,
    lengths.join(' + '),
    products.flatMap((product) => product.names),
  );
}

/** The error for a length that would have to be computed from a named one. */
export function unknownLength(what: string, formula: string, names: readonly string[]): Error {
  const unknown = [...new Set(names)];
  const reason = unknown.length === 1 ? `${unknown[0]} is only a name` : `${unknown.join(' and ')} are only names`;
  return new GraphError(
    `the length of ${what} would be ${formula}, which cannot be known in advance because ${reason}: give the input a known ` +
      'length',
  );
}

/** @throws unless axis `axisA` of shape `a` and axis `axisB` of shape `b` have the same length (or name). */
export function expectSameLength(a: Shape, axisA: number, nameA: string, b: Shape, axisB: number, nameB: string): void {
  if (a[axisA] === b[axisB]) return;
  throw new GraphError(
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
    if (normalized.indexOf(axis) !== index) throw new GraphError(`axes [${axes.join(', ')}] name axis ${axis} twice`);
  }
  return normalized;
}

/** As `normalizeAxis`, but a scalar has no axis at all. */
export function existingAxis(axis: number, rank: number): number {
  if (rank === 0) throw new GraphError(`axis ${axis} is asked of a scalar, which has none`);
  return normalizeAxis(axis, rank);
}

/** The shape with the length of one axis replaced. */
export function withLength(shape: Shape, axis: number, length: Dimension): Dimension[] {
  return shape.map((old, index) => (index === axis ? length : old));
}
