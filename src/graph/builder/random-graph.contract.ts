import fc from 'fast-check';
import { float32 } from '../tensor/tensor.ts';
import { Graph } from './graph.ts';
import { concat, int64, matMul, mul, pad, reduceMean, relu, reshape, slice, sub, transpose } from './operations.ts';
import type { Value } from './value.ts';

/** Every step takes a value of shape N x 2 x 4 and gives another. */
const steps: readonly ((x: Value, other: Value, number: number) => Value)[] = [
  (x) => relu(x),
  (x, other) => sub(x, other),
  (x, _, number) => mul(x, number),
  (x, _, number) => x.graph.apply('LeakyRelu', [x], { alpha: number })[0],
  (x, other) => matMul(matMul(x, transpose(other, [0, 2, 1])), x),
  (x) => sub(x, reduceMean(x, [1, -1], true)),
  (x, other) => slice(concat([x, other], 2), [{ axis: 2, start: 0, end: -1, step: 2 }]),
  (x) => slice(pad(x, [0, 1, 0, 0, 0, 0]), [{ axis: 1, start: 0, end: 2 }]),
  (x) => reshape(reshape(x, [0, 8]), [-1, 2, 4]),
  (x, _, number) => x.graph.apply('Clip', [x, undefined, x.graph.constant(float32([], [number]), 'high')], {})[0],
  (x) => x.graph.apply('Softmax', [x], { axis: -1 }, { name: 'attention' })[0],
  (x) => x.graph.apply('MaxPool', [x], { kernelShape: [3], pads: [1, 1] }, { outputs: 2 })[0],
  (x) => concat(x.graph.apply('Split', [x, int64(x, [3, 1])], { axis: 2 }, { outputs: 2 }), 2),
  (x, other) => x.graph.apply('Where', [x.graph.apply('Less', [x, other], {})[0], x, other], {})[0],
  (x) => x.graph.applyOpaque({ op: 'Selu', domain: '', inputs: [x], attributes: [] }, [x])[0],
];

/** Small graphs of all kinds, with names that collide and outputs that share values. */
export const randomGraph: fc.Arbitrary<Graph> = fc
  .record({
    walk: fc.array(fc.record({ step: fc.nat(), x: fc.nat(), other: fc.nat(), number: fc.float({ noNaN: true }) }), {
      minLength: 1,
      maxLength: 12,
    }),
    outputs: fc.dictionary(fc.constantFrom('y', 'Relu', 'Sub.out', 'high', 'attention', 'deux mots é'), fc.nat(), {
      minKeys: 1,
    }),
    metadata: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
  })
  .map(({ walk, outputs, metadata }) => {
    const graph = new Graph();
    const values: Value[] = [graph.input('x', 'float32', ['N', 2, 4]), graph.input('x2', 'float32', ['N', 2, 4])];
    const pick = (place: number) => values[place % values.length];
    for (const { step, x, other, number } of walk)
      values.push(steps[step % steps.length](pick(x), pick(other), number));
    for (const [name, place] of Object.entries(outputs)) graph.output(name, pick(place));
    for (const [key, value] of Object.entries(metadata)) graph.metadata.set(key, value);
    return graph;
  });
