// Numbers of oneDNN's C headers, the same in all releases from 3.0 to 3.13.

/** `dnnl_data_type_t`. */
export const dataType = { bfloat16: 2, float32: 3, uint8: 6 } as const;

/** Bytes of an element of each type. */
export const bytesOfElement = { bfloat16: 2, float32: 4, uint8: 1 } as const;

/** The name of an element type of oneDNN that is used here. */
export type DataType = keyof typeof dataType;

/** `dnnl_format_tag_t`: any layout that the primitive likes, row-major ones by their number of axes, images with channels last, and in blocks of 16. */
export const formatTag = { any: 1, plain: [0, 2, 3, 4, 5, 6], channelsLast: 22, blocked16: 78 } as const;

/** `dnnl_alg_kind_t`. */
export const algorithm = {
  convolutionDirect: 0x1,
  relu: 0x20,
  squareRoot: 0x25,
  linear: 0x26,
  geluByTanh: 0x2b,
  clip: 0x2e,
  gelu: 0x31,
  reluByResult: 0x100,
  maxPooling: 0x1ff,
  averageIncludingPads: 0x2ff,
  averageExcludingPads: 0x3ff,
  lrnAcrossChannels: 0xaff,
  add: 0x1fff0,
  multiply: 0x1fff1,
  divide: 0x1fff4,
  subtract: 0x1fff5,
  softmax: 0x30000,
} as const;

/** `dnnl_prop_kind_t`. */
export const propagation = { forwardTraining: 64, forwardInference: 96, backward: 128 } as const;

/** `dnnl_query_t`. */
export const query = {
  implementation: 8,
  source: 129,
  sourceGradient: 130,
  weights: 131,
  weightsGradient: 132,
  result: 133,
  resultGradient: 134,
  workspace: 135,
  scratchpad: 136,
} as const;

/** `dnnl_normalization_flags_t`. */
export const normalizationFlag = { globalStatistics: 1, scale: 2, shift: 4, relu: 8 } as const;

/** `DNNL_ARG_*`: what an argument of a primitive is. */
export const argument = {
  source: 1,
  secondSource: 2,
  result: 17,
  weights: 33,
  bias: 41,
  mean: 49,
  variance: 50,
  scale: 51,
  shift: 52,
  workspace: 64,
  scratchpad: 80,
  sourceGradient: 129,
  resultGradient: 145,
  weightsGradient: 161,
  biasGradient: 169,
  scaleGradient: 255,
  shiftGradient: 256,
  firstOfMany: 1024,
} as const;

/** The second operand of a primitive's post-operation, by its place among them: `DNNL_ARG_ATTR_MULTIPLE_POST_OP(place) | DNNL_ARG_SRC_1`. */
export const postOperand = (place: number): number => 0x8000 * (place + 1) + argument.secondSource;

/** `DNNL_RUNTIME_*`: who brings the threads. */
export const runtime = { none: 0, sequential: 1, openMp: 2, tbb: 4, threadPool: 8 } as const;

/** `dnnl_status_t`, by its number. */
export const statusNames: readonly string[] = [
  'success',
  'out of memory',
  'invalid arguments',
  'unimplemented',
  'last implementation reached',
  'runtime error',
  'not required',
];
