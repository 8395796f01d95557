import { expect, it } from 'vitest';
import { needingOneDnn, withOneDnn, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { enginesHere } from './engines-here.ts';

it('measures onnxruntime, and says how oneDNN is had where it is not', async () => {
  const engines = await enginesHere(1, {
    environment: { LOOKALIKE_ONEDNN: '/nowhere/libdnnl.so' },
    architecture: 'x64',
  });
  expect(engines.map(({ engine, device }) => `${engine} ${device}`)).toEqual([
    'onnxruntime cpu',
    'onednn cpu',
    'onnxruntime webgpu',
    'onnxruntime cuda',
  ]);
  const [onnxruntime, oneDnn] = engines;
  expect(onnxruntime).toMatchObject({ here: true, version: expect.stringMatching(/^\d+\.\d+/) });
  expect(onnxruntime.flopPerSecond.float32).toBeGreaterThan(1e8);
  expect(oneDnn).toMatchObject({
    here: false,
    flopPerSecond: {},
    note: expect.stringContaining('/nowhere/libdnnl.so'),
  });
});

it.skipIf(withoutOneDnn !== undefined)(needingOneDnn('measures oneDNN, and names its file'), async () => {
  const [, oneDnn] = await enginesHere(1, { environment: withOneDnn });
  expect(oneDnn).toMatchObject({
    here: true,
    version: expect.stringMatching(/^3\./),
    note: expect.stringMatching(/dnnl/),
  });
  expect(oneDnn.flopPerSecond.float32).toBeGreaterThan(1e8);
});
