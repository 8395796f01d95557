import path from 'node:path';
import { expect, it } from 'vitest';
import { modelInWords, parseStamp, type StoreStamp } from './store-stamp.ts';

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
