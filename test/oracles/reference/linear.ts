import { conv, convTranspose } from './convolution.ts';
import { fusedMatMul, gemm, matMul } from './matrix-product.ts';
import { floats } from './operands.ts';
import type { ReferenceRules } from './rule.ts';

/** Convolutions and matrix products as ONNX defines them. */
export const linear = {
  Conv: conv,
  ConvTranspose: convTranspose,
  FusedMatMul: fusedMatMul,
  Gemm: gemm,
  MatMul: (context) => [matMul(floats(context, 0), floats(context, 1))],
} satisfies Partial<ReferenceRules>;
