import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pixelKernelsModule } from '../../../tools/make-kernels.mjs';
import { kernelWorkspace, pixelKernels } from './pixel-kernels.ts';

describe('pixelKernels', () => {
  it('are what kernels/ compiles to', async () => {
    const committed = readFileSync(new URL('./pixel-kernels-wasm.ts', import.meta.url), 'utf8');
    // Else: node tools/make-kernels.mjs
    expect(await pixelKernelsModule()).toBe(committed);
  });

  it('export what is called here, and one memory', () => {
    expect(Object.keys(pixelKernels).sort()).toEqual(['copy', 'interpolate', 'memory', 'resizeColumns', 'resizeRows']);
  });
});

describe('kernelWorkspace', () => {
  it('gives places that do not overlap, at whole vectors, each with a vector of room behind it', () => {
    const sizes = { a: 1, b: 16, c: 0, d: 1000 };
    const { buffer, ...places } = kernelWorkspace(sizes);
    expect(places).toEqual({ a: 0, b: 32, c: 64, d: 80 });
    expect(buffer.byteLength).toBeGreaterThanOrEqual(80 + 1000 + 16);
  });

  it('grows the memory to what is asked for, and refuses what no machine has', () => {
    const bytes = pixelKernels.memory.buffer.byteLength + 100_000;
    expect(kernelWorkspace({ all: bytes }).buffer.byteLength).toBeGreaterThanOrEqual(bytes + 16);
    expect(() => kernelWorkspace({ all: 2 ** 40 })).toThrow(RangeError);
  });
});
