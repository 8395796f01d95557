import { lengthOfProduct, productOf, quotientOf, timesLengths } from '../../graph/tensor/length-product.ts';
import type { Dimension, Shape } from '../../graph/tensor/shape.ts';

/** What an axis of a network's tensor counts: pictures, channels (features), or places (pixels, patches, tokens). */
export type Role = 'batch' | 'channel' | 'place';

/** A stretch of an axis that counts one thing; undefined where it is not known what. Its length is not 1. */
export interface Factor {
  readonly length: Dimension;
  readonly role: Role | undefined;
}

/** What an axis is made of, slowest first: windows merged into the batch are [batch N, place 16]. Empty: of length 1. */
export type Axis = readonly Factor[];

/** What the axes of a tensor are. */
export type AxisRoles = readonly Axis[];

/** An axis that counts one thing. */
export function axisOf(length: Dimension | undefined, role: Role | undefined): Axis {
  return length === undefined || length === 1 ? [] : [{ length, role }];
}

/** What the whole of an axis counts; undefined if it is not known, is several things, or the axis has length 1. */
export function roleOf(axis: Axis): Role | undefined {
  const [first] = axis;
  return first !== undefined && axis.every(({ role }) => role === first.role) ? first.role : undefined;
}

/** The length of the whole axis. */
export function lengthOfAxis(axis: Axis): Dimension {
  return lengthOfProduct(timesLengths(axis.map(({ length }) => length)));
}

/** The axis where a part, or more, of it has been taken: it counts the same, if it counted one thing. */
export function resized(axis: Axis, length: Dimension): Axis {
  return lengthOfAxis(axis) === length ? axis : axisOf(length, roleOf(axis));
}

/**
 * The roles after a Reshape: elements keep their order, so the stretches of all axes, in their order, are put into the new axes.
 * A stretch is split where an axis ends inside it.
 *
 * @returns undefined if an axis ends inside of what cannot be split there.
 */
export function regrouped(roles: AxisRoles, shape: Shape): AxisRoles | undefined {
  const left = coalesced(roles.flat());
  const axes: Axis[] = [];
  for (const length of shape) {
    const axis: Factor[] = [];
    for (let needed = productOf(length); lengthOfProduct(needed) !== 1; ) {
      const next = left.shift();
      if (next === undefined) return undefined;
      const found = productOf(next.length);
      const afterwards = quotientOf(needed, found);
      const rest = quotientOf(found, needed);
      if (afterwards !== undefined) {
        axis.push(next);
        needed = afterwards;
      } else if (rest !== undefined) {
        axis.push({ ...next, length: lengthOfProduct(needed) });
        left.unshift({ ...next, length: lengthOfProduct(rest) });
        needed = productOf(1);
      } else {
        return undefined;
      }
    }
    axes.push(axis);
  }
  return left.length === 0 ? axes : undefined;
}

/** Neighbours that count the same as one stretch: it may be split elsewhere than it was joined. */
function coalesced(factors: readonly Factor[]): Factor[] {
  const joined: Factor[] = [];
  for (const factor of factors) {
    const last = joined.at(-1);
    if (last !== undefined && last.role === factor.role) {
      joined[joined.length - 1] = { ...last, length: lengthOfAxis([last, factor]) };
    } else {
      joined.push(factor);
    }
  }
  return joined;
}

/**
 * The roles of what some tensors broadcast to: each axis as in the tensors that have its length there. Where they contradict each
 * other it is not known.
 */
export function broadcastRoles(inputs: readonly AxisRoles[], shape: Shape): AxisRoles {
  return shape.map((length, axis) => {
    const there = inputs.flatMap((roles) => {
      const own = roles[axis - shape.length + roles.length];
      return own === undefined || own.length === 0 ? [] : [own];
    });
    const whole = there.filter((own) => lengthOfAxis(own) === length);
    const [first, ...others] = whole.length > 0 ? whole : there;
    if (first === undefined) return axisOf(length, undefined);
    const known = [first, ...others].filter((own) => own.some(({ role }) => role !== undefined));
    const agreed = known.every((own) => sameAxis(own, known[0]));
    return agreed ? resized(known[0] ?? first, length) : axisOf(length, undefined);
  });
}

function sameAxis(a: Axis, b: Axis): boolean {
  const [left, right] = [coalesced(a), coalesced(b)];
  return (
    left.length === right.length &&
    left.every(({ length, role }, place) => length === right[place].length && role === right[place].role)
  );
}
