import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stridesOf } from '../../../test/support/strides-of.ts';
import { sizeOf } from '../../graph/tensor/shape.ts';
import { type AxisRoles, axisOf, broadcastRoles, lengthOfAxis, type Role, regrouped, roleOf } from './axis-roles.ts';

/** A tensor of which each element knows which picture, channel and place it is of. */
interface Labelled {
  readonly shape: readonly number[];
  readonly labels: readonly Readonly<Record<Role, number>>[];
}

/** Elements in the order that a transposition gives them. */
function transposed({ shape, labels }: Labelled, order: readonly number[]): Labelled {
  const turned = order.map((axis) => shape[axis]);
  const [from, to] = [stridesOf(shape), stridesOf(turned)];
  return {
    shape: turned,
    labels: labels.map((_, place) => {
      const source = order.reduce((sum, axis, i) => sum + (Math.floor(place / to[i]) % turned[i]) * from[axis], 0);
      return labels[source];
    }),
  };
}

/** What changes along an axis, found by walking along it from every element. */
function varying({ shape, labels }: Labelled, axis: number): Role[] {
  const stride = stridesOf(shape)[axis];
  return (['batch', 'channel', 'place'] as const).filter((role) =>
    labels.some((label, place) => {
      const start = place - (Math.floor(place / stride) % shape[axis]) * stride;
      return label[role] !== labels[start][role];
    }),
  );
}

describe('regrouped', () => {
  it('knows what changes along each axis, through any transpositions and reshapes', () => {
    const length = fc.integer({ min: 1, max: 4 });
    const step = fc.record({
      swap: fc.tuple(fc.nat(), fc.nat()),
      cut: fc.nat(),
      divisor: fc.nat(),
      join: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.tuple(length, length, length, length), fc.array(step, { maxLength: 6 }), (shape, steps) => {
        const kinds = ['batch', 'channel', 'place', 'place'] as const;
        const strides = stridesOf(shape);
        let tensor: Labelled = {
          shape,
          labels: Array.from({ length: sizeOf(shape) }, (_, place) => {
            const at = (axis: number) => Math.floor(place / strides[axis]) % shape[axis];
            return { batch: at(0), channel: at(1), place: at(2) * shape[3] + at(3) };
          }),
        };
        let roles: AxisRoles | undefined = shape.map((each, axis) => axisOf(each, kinds[axis]));
        for (const { swap, cut, divisor, join } of steps) {
          const rank = tensor.shape.length;
          const order = [...tensor.shape.keys()];
          const [a, b] = [swap[0] % rank, swap[1] % rank];
          [order[a], order[b]] = [order[b], order[a]];
          const before = roles;
          roles = order.map((axis) => before[axis]);
          tensor = transposed(tensor, order);
          const axis = cut % rank;
          const own = tensor.shape[axis];
          const divisors = Array.from({ length: own }, (_, i) => i + 1).filter((each) => own % each === 0);
          const part = divisors[divisor % divisors.length];
          const next =
            join && axis + 1 < rank
              ? [...tensor.shape.slice(0, axis), own * tensor.shape[axis + 1], ...tensor.shape.slice(axis + 2)]
              : [...tensor.shape.slice(0, axis), own / part, part, ...tensor.shape.slice(axis + 1)];
          const regroupedRoles = regrouped(roles, next);
          if (regroupedRoles === undefined) return;
          roles = regroupedRoles;
          tensor = { shape: next, labels: tensor.labels };
          expect(roles.map(lengthOfAxis)).toEqual(next);
        }
        for (const [axis, own] of roles.entries()) {
          const found = varying(tensor, axis);
          expect(new Set(own.map(({ role }) => role))).toEqual(new Set(found));
          expect(roleOf(own)).toBe(found.length === 1 ? found[0] : undefined);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes windows out of an open batch and puts them back', () => {
    const map = [axisOf('N', 'batch'), axisOf(8, 'place'), axisOf(8, 'place'), axisOf(24, 'channel')];
    const windows = regrouped(map, ['N', 2, 4, 2, 4, 24])!;
    const merged = regrouped(
      [0, 1, 3, 2, 4, 5].map((axis) => windows[axis]),
      ['4*N', 16, 24],
    )!;
    expect(merged.map(roleOf)).toEqual([undefined, 'place', 'channel']);
    expect(merged[0]).toEqual([
      { length: 'N', role: 'batch' },
      { length: 4, role: 'place' },
    ]);
    expect(regrouped(merged, ['N', 64, 24])!.map(roleOf)).toEqual(['batch', 'place', 'channel']);
  });

  it('knows nothing where an axis ends inside of two things', () => {
    expect(regrouped([axisOf(3, 'channel'), axisOf(4, 'place')], [2, 6])).toBeUndefined();
    expect(regrouped([axisOf('N', 'batch'), axisOf(4, 'place')], [4, 'N'])).toBeUndefined();
  });
});

describe('broadcastRoles', () => {
  const axes = (...all: ('batch' | 'channel' | 'place' | undefined | 1)[]) =>
    all.map((role) => (role === 1 ? [] : axisOf(4, role)));

  it('takes each axis from the tensor that has its length', () => {
    expect(broadcastRoles([axes('batch', 'channel', 1), axes('batch', 1, 'place')], [4, 4, 4]).map(roleOf)).toEqual([
      'batch',
      'channel',
      'place',
    ]);
    expect(broadcastRoles([axes('batch', 'channel'), axes('channel')], [4, 4]).map(roleOf)).toEqual([
      'batch',
      'channel',
    ]);
    expect(broadcastRoles([axes(undefined), axes('place')], [4]).map(roleOf)).toEqual(['place']);
  });

  it('knows nothing where two tensors contradict each other', () => {
    expect(broadcastRoles([axes('place'), axes('channel')], [4]).map(roleOf)).toEqual([undefined]);
  });
});
