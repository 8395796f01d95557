import { expect, it } from 'vitest';
import type { StoreStamp } from '../stores/store-stamp.ts';
import { inStoresPrecision } from './in-stores-precision.ts';

const stamp: StoreStamp = {
  modelId: 'ab'.repeat(32),
  modelName: 'model.onnx',
  dimension: 8,
  distance: 'cosine',
  preprocessing: '{}',
};
const half = { ...stamp, precision: 'bfloat16' } as const;

it('is the precision of the store where nobody asks for another', () => {
  expect(inStoresPrecision({}, half)).toEqual({ precision: 'bfloat16' });
  expect(inStoresPrecision({ engine: 'onednn', precision: 'auto' }, half)).toMatchObject({ precision: 'bfloat16' });
});

it.each([
  [{ precision: 'float32' } as const, half],
  [{ engine: 'onnxruntime' } as const, half],
  [{}, stamp],
  [{}, undefined],
])('leaves %j as it is', (options, of) => {
  expect(inStoresPrecision(options, of)).toBe(options);
});
