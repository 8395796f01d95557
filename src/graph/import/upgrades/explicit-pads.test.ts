import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { type Content, foreignModel, ints, node, text } from '../../../../test/fixtures/foreign-model.ts';
import { producerOf } from '../../builder/value.ts';
import { exportModel } from '../../export/export-model.ts';
import type { Shape } from '../../tensor/shape.ts';
import { float32 } from '../../tensor/tensor.ts';
import { importModel } from '../import-model.ts';

function imported(op: string, shape: Shape, attributes: Readonly<Record<string, Content>>, kernel: number[]) {
  const weights = float32(
    [1, 1, ...kernel],
    Array.from({ length: kernel[0] * kernel[1] }, (_, i) => i + 1),
  );
  return importModel(
    foreignModel({
      opset: 11,
      inputs: { x: ['float32', shape] },
      initializers: op.startsWith('Conv') ? { w: weights } : {},
      nodes: [node(op, op.startsWith('Conv') ? ['x', 'w'] : ['x'], ['y'], attributes)],
      outputs: ['y'],
    }),
  );
}

/** The pads that the node which makes y has after the upgrade. */
function padsOf(...given: Parameters<typeof imported>): unknown {
  const maker = producerOf(imported(...given).outputs.get('y')!);
  return maker?.kind === 'operator' && 'pads' in maker.attributes ? maker.attributes.pads : undefined;
}

const upper = text('SAME_UPPER');
const lower = text('SAME_LOWER');

describe('explicit pads', () => {
  it('halve the total, the odd element where the mode puts it', () => {
    // Length 7, stride 2: 4 outputs, which need 3 * 2 + 4 = 10 elements, 3 more than there are.
    const strided = { strides: ints(2, 2) };
    expect(padsOf('Conv', [1, 1, 7, 7], { auto_pad: upper, ...strided }, [4, 4])).toEqual([1, 1, 2, 2]);
    expect(padsOf('Conv', [1, 1, 7, 7], { auto_pad: lower, ...strided }, [4, 4])).toEqual([2, 2, 1, 1]);
  });

  it('are never negative: a stride longer than the kernel may skip elements', () => {
    expect(padsOf('Conv', [1, 1, 6, 6], { auto_pad: upper, strides: ints(3, 2) }, [1, 1])).toEqual([0, 0, 0, 0]);
  });

  it('need no length where the stride is 1', () => {
    expect(padsOf('Conv', ['N', 1, 'H', 'W'], { auto_pad: upper }, [3, 2])).toEqual([1, 0, 1, 1]);
    expect(padsOf('ConvTranspose', ['N', 1, 'H', 'W'], { auto_pad: lower }, [3, 3])).toEqual([1, 1, 1, 1]);
  });

  it('make a dilated kernel give what the same kernel with zeros in its gaps gives', async () => {
    // onnxruntime refuses SAME with dilations, so the kernel is spread by hand for it.
    const run = async (bytes: Uint8Array) => {
      const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
      const x = new ort.Tensor(
        'float32',
        Float32Array.from({ length: 56 }, (_, i) => Math.sin(i)),
        [1, 1, 7, 8],
      );
      return (await session.run({ x })).y.data as Float32Array;
    };
    const strided = { auto_pad: upper, strides: ints(2, 3) };
    const dilated = imported('Conv', [1, 1, 7, 8], { ...strided, dilations: ints(2, 1) }, [2, 3]);
    const spread = foreignModel({
      opset: 11,
      inputs: { x: ['float32', [1, 1, 7, 8]] },
      initializers: { w: float32([1, 1, 3, 3], [1, 2, 3, 0, 0, 0, 4, 5, 6]) },
      nodes: [node('Conv', ['x', 'w'], ['y'], strided)],
      outputs: ['y'],
    });
    expect(await run(exportModel(dilated))).toEqual(await run(spread));
  });

  it('are errors where the node does not say enough, or too much', () => {
    const pool = (attributes: Record<string, Content>) => () => padsOf('MaxPool', [1, 1, 6, 6], attributes, [1, 1]);
    expect(pool({ auto_pad: text('SAME'), kernel_shape: ints(2, 2) })).toThrow(
      "node 'y_node' (MaxPool): auto_pad is 'SAME', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER",
    );
    expect(pool({ auto_pad: upper })).toThrow("node 'y_node' (MaxPool) has a kernel of unknown size");
    expect(pool({ auto_pad: upper, kernel_shape: ints(2) })).toThrow(
      'kernel_shape is [2], expected 2 numbers of at least 1',
    );
    expect(pool({ auto_pad: upper, kernel_shape: ints(2, 2), strides: ints(0, 1) })).toThrow('strides is [0,1]');
    expect(() => padsOf('ConvTranspose', ['N', 1, 'H', 6], { output_shape: ints(9, 9) }, [3, 3])).toThrow(
      "but that is only the name 'H': give it a number when importing (lengths: { 'H': ... })",
    );
    expect(() => padsOf('ConvTranspose', [1, 1, 3, 3], { output_shape: ints(9, 5) }, [3, 3])).toThrow(
      'because its output would be longer than kernel and stride make it (pads of [-4,0])',
    );
  });
});
