import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { foreignModel, int, ints, node } from '../../../test/fixtures/foreign-model.ts';
import { exportModel } from '../export/export-model.ts';
import { decodeModel } from '../onnx/decode-model.ts';
import { sizeOf } from '../tensor/shape.ts';
import { float32, int64Vector } from '../tensor/tensor.ts';
import { importReadable } from './import-model.ts';

const opened = (bytes: Uint8Array, rows = 1) =>
  importReadable(decodeModel(bytes), { openBatch: { input: 'x', rows, name: 'N' } });

describe('an opened batch axis', () => {
  it('gives three pictures together what each gives alone, through random Transposes and Reshapes', async () => {
    const length = fc.integer({ min: 2, max: 3 });
    const step = fc.record({ order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), merge: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(length, length, length),
        fc.array(step, { minLength: 1, maxLength: 3 }),
        async (lengths, steps) => {
          const initializers: Record<string, ReturnType<typeof int64Vector>> = {};
          const nodes: ReturnType<typeof node>[] = [];
          let value = 'x';
          for (const [place, { order, merge }] of steps.entries()) {
            const turned = order.map((axis) => [1, ...lengths][axis]);
            const joined = [...turned.slice(0, merge), turned[merge] * turned[merge + 1], ...turned.slice(merge + 2)];
            initializers[`joined${place}`] = int64Vector(joined);
            initializers[`apart${place}`] = int64Vector(turned);
            nodes.push(
              node('Transpose', [value], [`t${place}`], { perm: ints(...order) }),
              node('Reshape', [`t${place}`, `joined${place}`], [`j${place}`]),
              node('Neg', [`j${place}`], [`n${place}`]),
              node('Reshape', [`n${place}`, `apart${place}`], [`a${place}`]),
              node('Transpose', [`a${place}`], [`b${place}`], {
                perm: ints(...[0, 1, 2, 3].map((axis) => order.indexOf(axis))),
              }),
            );
            value = `b${place}`;
          }
          nodes.push(node('Identity', [value], ['y']));
          const inputs = { x: ['float32', [1, ...lengths]] } as const;
          const { graph, unread } = opened(foreignModel({ opset: 17, inputs, initializers, nodes, outputs: ['y'] }));
          expect(unread).toEqual([]);
          expect(graph.outputs.get('y')!.shape).toEqual(['N', ...lengths]);
          const data = Float32Array.from({ length: 3 * sizeOf(lengths) }, (_, i) => i + 1);
          const session = await ort.InferenceSession.create(exportModel(graph), { logSeverityLevel: 4 });
          const { y } = await session.run({ x: new ort.Tensor('float32', data, [3, ...lengths]) });
          // Every step turns the sign and puts the axes back.
          expect(y.data).toEqual(data.map((each) => (steps.length % 2 === 0 ? each : -each)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['heads merged into the batch', [1, 2, 5, 4], [2, 5, 4], ['2*N', 5, 4], [0, 1, 2, 3]],
    ['heads merged where the batch comes second', [1, 5, 6], [5, 2, 3], [5, '2*N', 3], [1, 0, 2]],
    ['tokens and batch merged for a product', [1, 5, 6], [5, 6], ['5*N', 6], [1, 0, 2]],
    ['a batch that the file keeps', [1, 5, 6], [1, -1, 3], ['N', 10, 3], [0, 1, 2]],
    ['a batch that -1 stands for', [1, 5, 6], [-1, 30], ['N', 30], [0, 1, 2]],
    ['a length of one beside the batch', [1, 5, 6], [1, 1, 30], ['N', 1, 30], [0, 1, 2]],
  ] as const)('knows where a Reshape has it: %s', (_, shape, target, wanted, perm) => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { x: ['float32', shape] },
      initializers: { target: int64Vector(target) },
      nodes: [
        node('Transpose', ['x'], ['turned'], { perm: ints(...perm) }),
        node('Reshape', ['turned', 'target'], ['y']),
      ],
      outputs: ['y'],
    });
    expect(opened(bytes).graph.outputs.get('y')!.shape).toEqual(wanted);
  });

  it('opens a batch of more than one picture, and repeats what is joined to one picture', () => {
    const reshape = (rows: number) =>
      foreignModel({
        opset: 17,
        inputs: { x: ['float32', [rows, 3, 4]] },
        initializers: { target: int64Vector([2 * rows, 6]), token: int64Vector([1, 1, 4]) },
        nodes: [node('Reshape', ['x', 'target'], ['y'])],
        outputs: ['y'],
      });
    expect(opened(reshape(8), 8).graph.outputs.get('y')!.shape).toEqual(['2*N', 6]);
    const joined = foreignModel({
      opset: 17,
      inputs: { x: ['float32', [1, 3, 4]], token: ['float32', [1, 1, 4]] },
      nodes: [node('Concat', ['token', 'x'], ['y'], { axis: int(1) })],
      outputs: ['y'],
    });
    expect(opened(joined).graph.outputs.get('y')!.shape).toEqual(['N', 4, 4]);
  });

  it('repeats what the file has for each part of the one picture, such as a mask for each window', async () => {
    const bytes = foreignModel({
      opset: 17,
      inputs: { x: ['float32', [1, 2, 3]] },
      initializers: { windows: int64Vector([2, 3]), mask: float32([2, 1], [10, 20]), back: int64Vector([-1, 2, 3]) },
      nodes: [
        node('Reshape', ['x', 'windows'], ['w']),
        node('Add', ['w', 'mask'], ['masked']),
        node('Reshape', ['masked', 'back'], ['y']),
      ],
      outputs: ['y'],
    });
    const { graph, unread } = opened(bytes);
    expect(unread).toEqual([]);
    expect(graph.outputs.get('y')!.shape).toEqual(['N', 2, 3]);
    const session = await ort.InferenceSession.create(exportModel(graph), { logSeverityLevel: 4 });
    const data = Float32Array.from({ length: 18 }, (_, i) => i);
    const { y } = await session.run({ x: new ort.Tensor('float32', data, [3, 2, 3]) });
    const added = data.map((value, place) => value + (Math.floor(place / 3) % 2 === 0 ? 10 : 20));
    expect([...(y.data as Float32Array)]).toEqual([...added]);
  });
});
