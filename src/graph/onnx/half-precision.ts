import { TensorProto_DataType as DataType } from './onnx_pb.ts';

/**
 * 16-bit floating-point numbers, given as their bit patterns, as float32; every one of them is exact in float32.
 *
 * FLOAT16 has 1 sign, 5 exponent (bias 15) and 10 fraction bits (IEEE 754 binary16); BFLOAT16 is the upper half of a float32.
 */
export function float32FromHalf(code: DataType.FLOAT16 | DataType.BFLOAT16, bits: ArrayLike<number>): Float32Array {
  if (code === DataType.FLOAT16) return Float32Array.from(bits, float16Value);
  return new Float32Array(Uint32Array.from(bits, (pattern) => pattern << 16).buffer);
}

function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Exponent 0 marks zero and the subnormal numbers, which lack the leading 1.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
