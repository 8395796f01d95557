/** One low-resolution path: mean-pool by `subsample`, a convolution, perhaps a ReLU, an overlapping max-pool. */
export interface PathGeometry {
  readonly subsample: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly relu: boolean;
  readonly pool: { readonly size: number; readonly stride: number };
  /** Odd lengths get the same zeros on both sides, rather than one more behind. */
  readonly symmetric: boolean;
}

const article = { subsample: 1, filters: 96, kernel: 8, relu: false, symmetric: false } as const;

/** The article's two paths: the full picture, large strides, no ReLU. */
export const stridedPaths: readonly PathGeometry[] = [
  { ...article, stride: 16, pool: { size: 3, stride: 4 } },
  { ...article, stride: 32, pool: { size: 7, stride: 2 } },
];

const paper = { filters: 96, kernel: 8, stride: 4, relu: true, symmetric: false } as const;

/** The paper's two paths, figure 3: 4:1 and 8:1, 96 filters 8x8 with stride 4. */
export const subsampledPaths: readonly PathGeometry[] = [
  { ...paper, subsample: 4, pool: { size: 3, stride: 4 } },
  { ...paper, subsample: 8, pool: { size: 7, stride: 2 } },
];
