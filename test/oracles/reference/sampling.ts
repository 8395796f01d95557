import { affineGrid } from './affine-grid.ts';
import { gridSample } from './grid-sample.ts';
import { resize } from './resize.ts';
import type { ReferenceRules } from './rule.ts';

/** Sampling operators as ONNX defines them. */
export const sampling = {
  AffineGrid: affineGrid,
  GridSample: gridSample,
  Resize: resize,
} satisfies Partial<ReferenceRules>;
