import { describe, expect, it } from 'vitest';
import { foreignModel, int, node } from '../../../test/fixtures/foreign-model.ts';
import { mobileNetwork, visionTransformer } from '../../../test/fixtures/foreign-networks.ts';
import { trunkOf } from '../../../test/fixtures/trunk-of.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import { checkOpenedBatch } from './check-opened-batch.ts';

const check = (bytes: Uint8Array, cut: string, size = 16) =>
  checkOpenedBatch(bytes, trunkOf(bytes, cut, { frozen: 'all', size }));

describe('checkOpenedBatch', () => {
  it('passes files that treat each picture alone, for whatever number they were exported', async () => {
    for (const merged of [false, true]) await check(visionTransformer({ rows: 1, merged }), 'tokens');
    for (const batch of [1, 2, 'N']) await check(mobileNetwork({ batch }), 'map');
  });

  it.each([1, 2])('refuses a file for %i that does not treat each picture alone', async (rows) => {
    // What of each pixel is in which picture: 1 for a single one.
    const bytes = foreignModel({
      opset: 17,
      inputs: { image: ['float32', [rows, 3, 4, 4]] },
      initializers: { one: float32([], [1]) },
      nodes: [node('Softmax', ['image'], ['share'], { axis: int(0) }), node('Add', ['share', 'one'], ['map'])],
      outputs: ['map'],
    });
    await expect(check(bytes, 'map', 4)).rejects.toThrow(
      `it was exported for ${rows === 1 ? 'one picture' : '2 pictures'} at a time, and gives something else for more of them: export`,
    );
  });
});
