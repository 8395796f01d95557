import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../test/oracles/reference/interpret.ts';
import { floats } from '../../../../test/support/gradient-case.ts';
import { Graph } from '../../builder/graph.ts';
import { conv } from '../../builder/operations.ts';
import { convWeightForms } from '../../lowering/conv-weight-form.ts';
import { lowerGradients } from '../../lowering/lower-gradients.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import { backward } from '../backward.ts';

interface Plan {
  readonly batch: number;
  readonly groups: number;
  readonly channelsEach: number;
  readonly filtersEach: number;
  readonly kernel: readonly number[];
  readonly extra: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

const small = (max: number) => fc.integer({ min: 1, max });
const pair = (max: number) => fc.tuple(small(max), small(max));
const plans: fc.Arbitrary<Plan> = fc.record({
  batch: small(2),
  groups: small(2),
  channelsEach: small(2),
  filtersEach: small(2),
  kernel: pair(3),
  extra: fc.tuple(fc.nat(4), fc.nat(4)),
  strides: pair(3),
  dilations: pair(2),
  pads: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
});

/** Both gradients of a convolution by its definition: every product that the convolution makes is taken back. */
function byDefinition(
  plan: Plan,
  image: number[],
  kernel: number[],
  dResult: number[],
  size: number[],
  resultSize: number[],
) {
  const { batch, groups, channelsEach, filtersEach, strides, dilations, pads } = plan;
  const [kh, kw] = plan.kernel;
  const dImage = image.map(() => 0);
  const dKernel = kernel.map(() => 0);
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < groups * filtersEach; m++) {
      for (let c = 0; c < channelsEach; c++) {
        const channel = Math.floor(m / filtersEach) * channelsEach + c;
        for (let place = 0; place < resultSize[0] * resultSize[1]; place++) {
          const [oy, ox] = [Math.floor(place / resultSize[1]), place % resultSize[1]];
          const g = dResult[(n * groups * filtersEach + m) * resultSize[0] * resultSize[1] + place];
          for (let tap = 0; tap < kh * kw; tap++) {
            const y = oy * strides[0] + Math.floor(tap / kw) * dilations[0] - pads[0];
            const x = ox * strides[1] + (tap % kw) * dilations[1] - pads[1];
            if (y < 0 || x < 0 || y >= size[0] || x >= size[1]) continue;
            const at = ((n * groups * channelsEach + channel) * size[0] + y) * size[1] + x;
            const weight = (m * channelsEach + c) * kh * kw + tap;
            dImage[at] += g * kernel[weight];
            dKernel[weight] += g * image[at];
          }
        }
      }
    }
  }
  return { dImage, dKernel };
}

const numbers = (count: number, from: number) =>
  Array.from({ length: count }, (_, place) => Math.sin(from + 3 * place));

describe('gradients of Conv', () => {
  it.each(convWeightForms)('are what the definition gives for any geometry, in the form %s', (form) => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { batch, groups, channelsEach, filtersEach, kernel, extra, strides, dilations, pads } = plan;
        const size = kernel.map((length, axis) => (length - 1) * dilations[axis] + 1 + extra[axis]);
        const imageShape = [batch, groups * channelsEach, ...size];
        const kernelShape = [groups * filtersEach, channelsEach, ...kernel];
        const graph = new Graph();
        const x = graph.input('x', 'float64', imageShape);
        const w = graph.input('w', 'float64', kernelShape);
        const y = conv(x, w, undefined, { strides, dilations, pads, group: groups });
        const resultShape = y.shape.map(Number);
        const seed = graph.input('seed', 'float64', resultShape);
        const [dx, dw] = backward(y, [x, w], { seed });
        graph.output('dx', dx);
        graph.output('dw', dw);
        const image = numbers(sizeOf(imageShape), 1);
        const weights = numbers(sizeOf(kernelShape), 2);
        const dResult = numbers(sizeOf(resultShape), 3);
        const results = interpret(lowerGradients(graph, { convWeightForm: () => form }), {
          x: floats('float64', imageShape, image),
          w: floats('float64', kernelShape, weights),
          seed: floats('float64', resultShape, dResult),
        });
        const { dImage, dKernel } = byDefinition(plan, image, weights, dResult, size, resultShape.slice(2));
        for (const [place, value] of toNumbers(results.dx).entries()) expect(value).toBeCloseTo(dImage[place], 10);
        for (const [place, value] of toNumbers(results.dw).entries()) expect(value).toBeCloseTo(dKernel[place], 10);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('need to know every length', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3, 4, 4]);
    const w = graph.input('w', 'float32', [2, 3, 3, 3]);
    const y = conv(x, w, undefined);
    const seed = graph.input('seed', 'float32', ['N', 2, 2, 2]);
    expect(() => backward(y, [w], { seed })).toThrow(
      "no gradient through node 'Conv' (Conv): the gradient of a convolution needs a shape known in advance",
    );
  });
});
