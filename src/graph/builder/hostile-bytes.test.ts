import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float, foreignModel, int, ints, node, text } from '../../../test/fixtures/foreign-model.ts';
import { randomGraph } from '../../../test/fixtures/random-graph.ts';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import { exportModel } from '../export/export-model.ts';
import { importModel } from '../import/import-model.ts';
import { float32 } from '../tensor/tensor.ts';
import { Graph } from './graph.ts';

const foreign = foreignModel({
  opset: 9,
  inputs: { x: ['float32', ['N', 2, 6, 6]] },
  initializers: { w: float32([3, 2, 2, 2], new Array(24).fill(0.5)) },
  nodes: [
    node('Conv', ['x', 'w'], ['a'], { auto_pad: text('SAME_UPPER'), strides: ints(1, 1) }),
    node('Softmax', ['a'], ['b'], { axis: int(1) }),
    node('Slice', ['b'], ['c'], { starts: ints(1), ends: ints(4), axes: ints(2) }),
    node('Shape', ['x'], ['s']),
    node('Pad', ['c'], ['d'], { pads: ints(0, 0, 1, 1, 0, 0, 1, 1), value: float(2) }),
    node('Split', ['d'], ['e', 'f', 'g'], { axis: int(1) }),
    node('TopK', ['e'], ['h', 'i'], { k: int(2) }),
    node('Selu', ['h'], ['y']),
  ],
  outputs: { y: ['float32', ['N', 1, 5, 2]] },
});

/** A graph or an error made for people: anything else is a fault of ours. In bounded time and memory. */
function survives(bytes: Uint8Array): void {
  const start = performance.now();
  const before = process.memoryUsage().arrayBuffers;
  try {
    expect(importModel(bytes)).toBeInstanceOf(Graph);
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    expect((error as Error).message).not.toBe('');
  }
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
}

describe('hostile bytes', () => {
  it('the files that are damaged below are sound', () => {
    expect(importModel(foreign).outputs.size).toBe(1);
  });

  it('a file cut short anywhere is an error', () => {
    for (let length = 0; length < foreign.length; length++) {
      survives(foreign.subarray(0, length));
      expect(() => importModel(foreign.subarray(0, length))).toThrow();
    }
  });

  it('any byte may be any other', () => {
    fc.assert(
      fc.property(fc.nat({ max: foreign.length - 1 }), fc.nat({ max: 255 }), (place, byte) => {
        const damaged = foreign.slice();
        damaged[place] = byte;
        survives(damaged);
      }),
      { numRuns: 4000, seed: 11 },
    );
  });

  it('many bytes may be any others', () => {
    const damage = fc.array(fc.record({ place: fc.nat(), byte: fc.nat({ max: 255 }) }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(randomGraph, damage, (graph, changes) => {
        const damaged = exportModel(graph);
        for (const { place, byte } of changes) damaged[place % damaged.length] = byte;
        survives(damaged);
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('may be no file at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(bytes)),
      { numRuns: 1000, seed: 13 },
    );
  });
});
