import { pixelKernelsWasm } from './pixel-kernels-wasm.ts';

/** The functions that kernels/ defines, on addresses in one memory. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  resizeRows(
    source: number,
    rows: number,
    stride: number,
    table: number,
    entryBytes: number,
    target: number,
    targetStride: number,
    width: number,
  ): void;
  resizeColumns(
    ring: number,
    ringRows: number,
    stride: number,
    first: number,
    weights: number,
    pairs: number,
    target: number,
    bytes: number,
  ): void;
  interpolate: WarpKernel;
  copy: WarpKernel;
}

type WarpKernel = (
  source: number,
  target: number,
  width: number,
  height: number,
  fill: number,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
) => void;

/** As Node and every page have it; TypeScript has its type only among those of pages. The exports are what kernels/ defines. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: KernelExports };
};

const bytesAPage = 65_536;
/** Kernels work in vectors of 16 bytes and may touch one behind their data. */
const vectorBytes = 16;

/**
 * Resizing and moving pixels in WebAssembly with 128-bit vectors, in Node and in a page alike; `kernels/` has the source.
 * All calls share one memory and end before they return: nothing in it outlives a call.
 */
export const pixelKernels: KernelExports = compiled();

function compiled(): KernelExports {
  const bytes = Uint8Array.from(atob(pixelKernelsWasm), (character) => character.charCodeAt(0));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
}

/**
 * Places for parts of so many bytes in the kernels' memory, each at a whole vector and with room for one behind it. They are
 * good until the next call; what they hold at first is whatever was there.
 *
 * @throws RangeError if there is no such memory.
 */
export function kernelWorkspace<Part extends string>(
  sizes: Readonly<Record<Part, number>>,
): Readonly<Record<Part, number>> & { readonly buffer: ArrayBuffer } {
  let end = 0;
  const places = {} as Record<Part, number>;
  for (const part of Object.keys(sizes) as Part[]) {
    places[part] = end;
    end += (Math.ceil(sizes[part] / vectorBytes) + 1) * vectorBytes;
  }
  const { memory } = pixelKernels;
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / bytesAPage));
  return { ...places, buffer: memory.buffer };
}
