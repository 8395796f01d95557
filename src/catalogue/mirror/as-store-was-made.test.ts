import { expect, it } from 'vitest';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import { asStoreWasMade } from './as-store-was-made.ts';

const rule = (decode: 'exact' | 'scaled') => JSON.stringify(preprocessingRule(8, 8, 'stretch', decode));
const stamp: StoreStamp = {
  modelId: 'ab'.repeat(32),
  modelName: 'model.onnx',
  dimension: 8,
  distance: 'cosine',
  preprocessing: rule('exact'),
};
const half = { ...stamp, precision: 'bfloat16' } as const;
const scaled = { ...stamp, preprocessing: rule('scaled') };

it.each([
  [{}, half, { precision: 'bfloat16', decode: 'exact' }],
  [
    { engine: 'onednn', precision: 'auto' } as const,
    half,
    { engine: 'onednn', precision: 'bfloat16', decode: 'exact' },
  ],
  [{}, stamp, { decode: 'exact' }],
  [{ threads: 2, decode: 'auto' } as const, scaled, { threads: 2, decode: 'scaled' }],
  [{}, { ...stamp, preprocessing: '{}' }, { decode: 'exact' }],
])('is as the store was made where nobody asks for anything else: %j', (options, of, expected) => {
  expect(asStoreWasMade(options, of)).toEqual(expected);
});

it.each([
  [{ precision: 'float32', decode: 'exact' } as const, { ...half, preprocessing: rule('scaled') }],
  [{ engine: 'onnxruntime', decode: 'scaled' } as const, half],
  [{}, undefined],
])('leaves what was asked for as it is: %j', (options, of) => {
  expect(asStoreWasMade(options, of)).toEqual(options);
});
