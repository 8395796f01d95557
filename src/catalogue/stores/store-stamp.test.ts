import path from 'node:path';
import { expect, it } from 'vitest';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { checkStamp, decodingOf, modelInWords, parseStamp, type StoreStamp } from './store-stamp.ts';

const stamp: StoreStamp = {
  modelId: 'ab'.repeat(32),
  modelName: path.resolve('run/model.onnx'),
  dimension: 8,
  distance: 'cosine',
  preprocessing: '{}',
};

it('reads a stamp back', () => {
  expect(parseStamp('s', JSON.stringify(stamp))).toEqual(stamp);
});

it.each([
  ['{{', /is not JSON/],
  ['', /is not JSON/],
  ['null', /is wrong, .*expected object/],
  [JSON.stringify({ ...stamp, colour: 1 }), /is wrong, .*colour/],
  [JSON.stringify({ ...stamp, dimension: 0 }), /is wrong, 'dimension' is 0 /],
  [JSON.stringify({ ...stamp, modelId: 'x' }), /is wrong, 'modelId' is "x" \(is not a SHA-256\)/],
  [JSON.stringify({ ...stamp, distance: undefined }), /is wrong, 'distance' is missing/],
])('refuses %s and says what is wrong with it', (text, message) => {
  expect(() => parseStamp('s.lance', text)).toThrow(message);
  expect(() => parseStamp('s.lance', text)).toThrow(
    /^the store 's.lance' is damaged, or of a later lookalike: its stamp, .*: bring the store back from a copy, or index into another one$/,
  );
});

it('names a model as seen from the working directory', () => {
  expect(modelInWords(stamp)).toBe(`'${path.join('run', 'model.onnx')}' (SHA-256 abababababab)`);
  expect(modelInWords({ ...stamp, modelName: path.resolve('/elsewhere/m.onnx') })).toContain(
    path.resolve('/elsewhere/m.onnx'),
  );
});

it('refuses vectors of another precision, either way, and says what to do', () => {
  const half = { ...stamp, precision: 'bfloat16' } as const;
  expect(parseStamp('s', JSON.stringify(half))).toEqual(half);
  checkStamp('s', half, half);
  expect(() => checkStamp('s', half, stamp)).toThrow(
    "the vectors of the store 's' were computed in bfloat16, and this model is computed in float32: load it in bfloat16, or make the store anew in float32",
  );
  expect(() => checkStamp('s', stamp, half)).toThrow(
    /were computed in float32, and this model is computed in bfloat16/,
  );
});

it('refuses vectors of pictures that were decoded otherwise, either way, and says what to do', () => {
  const rule = JSON.stringify(preprocessingRule(8, 8));
  const whole = { ...stamp, preprocessing: rule };
  const scaled = { ...stamp, preprocessing: JSON.stringify(preprocessingRule(8, 8, 'stretch', 'scaled')) };
  checkStamp('s', scaled, scaled);
  expect([whole, scaled, stamp].map(decodingOf)).toEqual(['exact', 'scaled', 'exact']);
  expect(() => checkStamp('s', scaled, whole)).toThrow(
    "large pictures of the store 's' were scaled by their decoder, and for this model they are decoded whole: load it with decode scaled, or make the store anew",
  );
  expect(() => checkStamp('s', whole, scaled)).toThrow(/load it with decode exact/);
  const other = { ...scaled, preprocessing: JSON.stringify(preprocessingRule(9, 8, 'stretch', 'scaled')) };
  expect(() => checkStamp('s', whole, other)).toThrow(/was made with preprocessing .*index into another store$/);
});
