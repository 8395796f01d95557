// The entry of the compiled module: what `src/pictures/preparation/pixel-kernels.ts` calls.
export { resizeColumns, resizeRows } from './resize';
export { copy, interpolate } from './warp';
