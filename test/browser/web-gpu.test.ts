import { afterAll, describe, expect, it } from 'vitest';
import { openChecksPage } from './engine-checks-page.ts';

// WebGPU on Chromium's SwiftShader, which draws on the processor: slow, but a real test of correctness.

/** What the build for WebGPU refuses, by what it says: its processor's part has fewer kernels than the build for WebAssembly. */
const refused: Readonly<Record<string, RegExp>> = {
  'WebEngine as an engine > gives every output its declared type': /Provider type for Cast node/,
  'WebEngine as an engine > takes inputs of every type': /Provider type for Cast node/,
  'by webgpu > Cast and its gradients are those of the reference': /Provider type for Cast node/,
  'by webgpu > Dropout and its gradients are those of the reference': /Provider type for Dropout node/,
  // A gradient of a gradient reads the places of the largest elements.
  'by webgpu > MaxPoolGradient and its gradients are those of the reference': /Indices output is not supported/,
};

const checks = await openChecksPage('webgpu', 'webgpu');
afterAll(() => checks.close());

describe('onnxruntime-web on WebGPU', () => {
  it('knows all that it refuses', () => {
    expect(Object.keys(refused).filter((name) => !checks.names.includes(name))).toEqual([]);
  });

  it.each(checks.names.map((name, place) => ({ name, place })))('$name', async ({ name, place }) => {
    const says = refused[name];
    if (says === undefined) expect(await checks.run(place)).toBeNull();
    else expect(await checks.run(place)).toMatch(says);
  });
});
