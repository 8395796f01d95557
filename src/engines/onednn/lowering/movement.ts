import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { constantOf } from '../../../graph/builder/value.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { type AxisPads, padsOfAxes } from '../../../graph/shape-inference/movement.ts';
import { normalizeAxis, staticShape } from '../../../graph/tensor/shape.ts';
import { toNumbers } from '../../../graph/tensor/tensor.ts';
import { bytesOfElement } from '../library/constants.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { rowMajor } from '../plan/tensor-strides.ts';
import { sharedConstant } from './shared-constant.ts';

/** Operators that give the same elements another shape. */
export const viewOperators: ReadonlySet<string> = new Set(['Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** Operators that put elements elsewhere, or take some of them. */
export const movingOperators: ReadonlySet<string> = new Set(['Concat', 'Slice', 'Split', 'Transpose']);

const shapeOf = (value: Value): readonly number[] => staticShape(value.shape, `'${value.name}' in oneDNN`);

/** The same row-major elements under another shape. */
export function lowerView(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const shape = shapeOf(y);
  const plain = plan.asPlain(x!, plan.compute);
  plan.define(y, plan.view(plain, shape, plan.plain(shape, plain.type)));
}

/**
 * The same elements with their axes in another order: a way to read them, not a copy, but where they lie in blocks, which are put
 * in order then.
 */
export function lowerTranspose(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const shape = shapeOf(y);
  const perm = (node.attributes as OperatorAttributes<'Transpose'>).perm ?? [...shape.keys()].reverse();
  const known = plan.inType(x!);
  const inOrder = rowMajor(shape);
  const turned = perm.map((_, axis) => inOrder[perm.indexOf(axis)]);
  const strides = plan.strides.of(known);
  const source =
    strides === undefined ? plan.as(x!, plan.strides.layout(known.shape, known.type, turned), known.type) : known;
  const read = strides ?? turned;
  const layout = plan.strides.layout(
    shape,
    source.type,
    perm.map((axis) => read[axis]),
  );
  plan.define(y, plan.view(source, shape, layout));
}

/** Parts of a tensor along an axis, one behind the other: ways to read it, not copies. */
export function lowerSplit(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const axis = normalizeAxis((node.attributes as OperatorAttributes<'Split'>).axis, x!.shape.length);
  const whole = divisible(plan, x!);
  let start = 0;
  for (const y of node.outputs) {
    const begin = x!.shape.map((_, other) => (other === axis ? start : 0));
    plan.define(y, partOf(plan, whole, shapeOf(y), begin));
    start += shapeOf(y)[axis];
  }
}

/** The elements from some places on, as `lowerSplit` gives them. */
export function lowerSlice(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  plan.define(y, partOf(plan, divisible(plan, x!), shapeOf(y), firstPlaces(node)!));
}

/** Where a Slice begins along each axis; undefined where it leaves elements out between, or goes by numbers that are computed. */
export function firstPlaces({ inputs: [x, ...given] }: OperatorNode): readonly number[] | undefined {
  const [starts, , axes, steps] = knownNumbers(given) ?? [];
  if (starts === undefined || steps?.some((step) => step !== 1)) return undefined;
  const lengths = x!.shape.map(Number);
  const begin = lengths.map(() => 0);
  for (const [place, start] of starts.entries()) {
    const axis = normalizeAxis(axes?.[place] ?? place, lengths.length);
    begin[axis] = Math.min(lengths[axis], Math.max(0, start < 0 ? start + lengths[axis] : start));
  }
  return begin;
}

/** Tensors behind one another along an axis: each is copied to its place. */
export function lowerConcat(plan: PlanBuilder, node: OperatorNode): void {
  const [y] = node.outputs;
  const shape = shapeOf(y);
  const axis = normalizeAxis((node.attributes as OperatorAttributes<'Concat'>).axis, shape.length);
  const whole = plan.fresh(shape, plan.compute, plan.plain(shape, plan.compute));
  plan.define(y, whole);
  let start = 0;
  for (const x of node.inputs as readonly Value[]) {
    const begin = shape.map((_, other) => (other === axis ? start : 0));
    const place = partOf(plan, whole, shapeOf(x), begin);
    plan.reordered(x.name, plan.inType(x), place.layout, place.type, place);
    start += shapeOf(x)[axis];
  }
}

/** How many zeros a Pad puts before and behind the elements of each axis; undefined of other fillings, and of pads that take away. */
export function zeroPads({ inputs: [x, ...given], attributes }: OperatorNode): readonly AxisPads[] | undefined {
  if ((attributes as OperatorAttributes<'Pad'>).mode !== 'constant') return undefined;
  const [pads, fill, axes] = knownNumbers(given) ?? [];
  if (pads === undefined || (fill?.[0] ?? 0) !== 0) return undefined;
  const around = padsOfAxes(x!.shape.length, pads, axes);
  return around.every(({ begin, end }) => begin >= 0 && end >= 0) ? around : undefined;
}

/** Zeros around a tensor, which is copied to its place. */
export function lowerPad(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const shape = shapeOf(y);
  const whole = plan.fresh(shape, plan.compute, plan.plain(shape, plan.compute));
  plan.define(y, whole);
  const pads = zeroPads(node)!;
  const copy = (from: Datum, begin: readonly number[]) => {
    const place = partOf(plan, whole, from.shape, begin);
    plan.reordered(x!.name, from, place.layout, place.type, place);
  };
  // Before and behind the axes so far there are zeros: what is left is within them.
  const lengths = [...shape];
  const first = shape.map(() => 0);
  for (const [axis, { begin, end }] of pads.entries()) {
    for (const [count, from] of [
      [begin, first[axis]],
      [end, shape[axis] - end],
    ]) {
      if (count === 0) continue;
      const zeros = lengths.map((length, other) => (other === axis ? count : length));
      const at = first.map((place, other) => (other === axis ? from : place));
      // Memory is zero when it is made, and nothing else is written there.
      copy(sharedConstant(plan, `zeros ${zeros.join()}`, zeros), at);
    }
    lengths[axis] -= begin + end;
    first[axis] += begin;
  }
  copy(plan.inType(x!), first);
}

/** The numbers of inputs that are constants, undefined for those that are left out; undefined if one is computed. */
function knownNumbers(inputs: OperatorNode['inputs']): readonly (readonly number[] | undefined)[] | undefined {
  if (inputs.some((value) => value !== undefined && constantOf(value) === undefined)) return undefined;
  return inputs.map((value) => {
    const known = constantOf(value);
    return known && toNumbers(known);
  });
}

/** A value in the arena, where parts of it can be described, not in blocks. */
function divisible(plan: PlanBuilder, value: Value): Datum {
  const known = plan.inType(value);
  const source = plan.strides.of(known) === undefined ? plan.asPlain(value, plan.compute) : known;
  return source.storage.place === 'arena' ? source : plan.reordered(value.name, source, source.layout, source.type);
}

function partOf(plan: PlanBuilder, whole: Datum, shape: readonly number[], begin: readonly number[]): Datum {
  const strides = plan.strides.of(whole)!;
  const elements = begin.reduce((sum, place, axis) => sum + place * strides[axis], 0);
  const layout = plan.strides.layout(shape, whole.type, strides);
  return plan.part(whole, shape, layout, elements * bytesOfElement[whole.type]);
}
