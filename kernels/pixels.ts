// The entry of the compiled module: what `src/images/pixel-kernels.ts` calls.
export { resizeColumns, resizeRows } from './resize';
export { copy, interpolate } from './warp';
