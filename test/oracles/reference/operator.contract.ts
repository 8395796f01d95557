import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../../src/foundation/random/random-source.ts';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { exportModel } from '../../../src/graph/export/export-model.ts';
import type { AttributesToGive, OperatorName } from '../../../src/graph/operators/operator.ts';
import { isFloating } from '../../../src/graph/tensor/element-type.ts';
import { type StaticShape, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { float32, type Tensor, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';
import type { ReferenceRules } from './rule.ts';

/** An input of a case: fed when the graph runs, or a constant of the graph. */
export interface CaseInput {
  readonly constant: boolean;
  readonly make: (random: RandomSource) => Tensor;
}

/** One use of an operator on which the reference and onnxruntime must agree. */
export interface OperatorCase<Op extends OperatorName> {
  readonly inputs: readonly (CaseInput | undefined)[];
  readonly attributes: AttributesToGive<Op>;
  /** Number of outputs; 1 if left out. */
  readonly outputs?: number;
  /** Largest difference, relative to the largest element; 1e-5 if left out. */
  readonly tolerance?: number;
  /** Why onnxruntime's CPU build cannot run the case: then the reference alone runs. */
  readonly notInOnnxruntime?: string;
}

/** Cases of each operator, at least one. */
export type OperatorCases<Op extends OperatorName> = {
  readonly [Name in Op]: readonly [OperatorCase<Name>, ...OperatorCase<Name>[]];
};

/** A fed float32 input, uniform between `low` and `high`. */
export function uniform(shape: StaticShape, low = -2, high = 2): CaseInput {
  return {
    constant: false,
    make: (random) =>
      float32(
        shape,
        Array.from({ length: sizeOf(shape) }, () => random.between(low, high)),
      ),
  };
}

/** A fed input. */
export function fed(value: Tensor): CaseInput {
  return { constant: false, make: () => value };
}

/** A constant of the graph. */
export function constant(value: Tensor): CaseInput {
  return { constant: true, make: () => value };
}

export function int64(shape: StaticShape, values: readonly number[]): Tensor {
  return tensor('int64', shape, BigInt64Array.from(values, BigInt));
}

export function int32(shape: StaticShape, values: readonly number[]): Tensor {
  return tensor('int32', shape, Int32Array.from(values));
}

export function bool(shape: StaticShape, values: readonly number[]): Tensor {
  return tensor('bool', shape, Uint8Array.from(values));
}

/** A constant one-axis int64 input: axes, pads, a shape. */
export function listed(...values: number[]): CaseInput {
  return constant(int64([values.length], values));
}

/**
 * Every operator of `rules`, in every case: the reference gives what onnxruntime's CPU kernels give in float32. An operator
 * without a case fails.
 */
export function operatorContract<Op extends OperatorName>(
  rules: Pick<ReferenceRules, Op>,
  cases: OperatorCases<Op>,
): void {
  for (const op of Object.keys(rules) as Op[]) {
    describe(op, () => {
      it('has a case', () => expect(cases[op]?.length).toBeGreaterThan(0));
      for (const [index, one] of (cases[op] ?? []).entries()) {
        const runs = one.notInOnnxruntime === undefined ? 'agrees with onnxruntime' : `runs (${one.notInOnnxruntime})`;
        it(`${runs}: case ${index}, ${JSON.stringify(one.attributes)}`, () => expectAgreement(op, one));
      }
    });
  }
}

async function expectAgreement<Op extends OperatorName>(op: Op, one: OperatorCase<Op>): Promise<void> {
  const random = RandomSource.fromSeed(7, op);
  const graph = new Graph();
  const feeds: Record<string, Tensor> = {};
  const inputs = one.inputs.map((input, index) => {
    if (input === undefined) return undefined;
    const value = input.make(random);
    if (input.constant) return graph.constant(value, `constant${index}`);
    feeds[`x${index}`] = value;
    return graph.input(`x${index}`, value.type, value.shape);
  });
  const results = graph.apply(op, inputs, one.attributes, { outputs: one.outputs ?? 1 });
  for (const [index, result] of results.entries()) graph.output(`y${index}`, result);
  const ours = interpret(graph, feeds);
  if (one.notInOnnxruntime !== undefined) return;
  const session = await ort.InferenceSession.create(exportModel(graph), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const native = Object.entries(feeds).map(([name, x]): [string, ort.Tensor] => [
    name,
    new ort.Tensor(x.type, x.data as ort.Tensor.DataType, x.shape),
  ]);
  const theirs = await session.run(Object.fromEntries(native));
  for (const [index, { type }] of results.entries()) {
    const [our, their] = [ours[`y${index}`], theirs[`y${index}`]];
    expect(our.shape).toEqual(their.dims);
    const expected = Array.from(their.data as ArrayLike<number | bigint>, Number);
    if (isFloating(type)) expectClose(toNumbers(our), expected, one.tolerance ?? 1e-5);
    else expect(toNumbers(our)).toEqual(expected);
  }
  await session.release();
}

/** Each element is within `tolerance` times the largest finite one; what is not finite is the same. */
function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  const largest = expected.filter(Number.isFinite).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const wrong = expected.flatMap((x, index) =>
    Object.is(x, actual[index]) || Math.abs(x - actual[index]) <= tolerance * largest
      ? []
      : [{ index, reference: actual[index], onnxruntime: x }],
  );
  expect(wrong.slice(0, 5), `${wrong.length} of ${expected.length} elements differ`).toEqual([]);
}
