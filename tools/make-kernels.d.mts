/** The text of `src/images/pixel-kernels-wasm.ts`, compiled anew from kernels/. */
export function pixelKernelsModule(): Promise<string>;
