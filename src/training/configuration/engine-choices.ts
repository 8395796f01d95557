/** What may compute a run: the fastest that is here, or one of them. */
export const engineChoices = ['auto', 'onnxruntime', 'onednn'] as const;
/** One of `engineChoices`. */
export type EngineChoice = (typeof engineChoices)[number];

/** What oneDNN computes in: what is fastest here, or one of them. onnxruntime computes in float32. */
export const precisionChoices = ['auto', 'float32', 'bfloat16'] as const;
/** One of `precisionChoices`. */
export type PrecisionChoice = (typeof precisionChoices)[number];
