/** The text of `src/pictures/preparation/pixel-kernels-wasm.ts`, compiled anew from kernels/. */
export function pixelKernelsModule(): Promise<string>;
