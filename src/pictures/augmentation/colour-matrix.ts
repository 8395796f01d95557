/** Weights of red, green and blue in the luminance (ITU-R BT.601). */
export const luminanceWeights = [0.299, 0.587, 0.114] as const;

/**
 * Saturation, channel gain and contrast of each picture as one matrix on its colours, `[N, 3, 3]`:
 * `contrast * diag(gain) * (saturation * I + (1 - saturation) * 1 w')`, `w` the luminance's weights.
 */
export function colourMatrices(sample: {
  readonly count: number;
  readonly colour: {
    readonly saturation: Float32Array;
    readonly channelGain: Float32Array;
    readonly contrast: Float32Array;
  };
}): Float32Array {
  const { saturation, channelGain, contrast } = sample.colour;
  const matrices = new Float32Array(sample.count * 9);
  for (let row = 0; row < sample.count; row++) {
    for (let to = 0; to < 3; to++) {
      const gain = contrast[row] * channelGain[row * 3 + to];
      for (let from = 0; from < 3; from++) {
        const kept = to === from ? saturation[row] : 0;
        matrices[row * 9 + to * 3 + from] = gain * (kept + (1 - saturation[row]) * luminanceWeights[from]);
      }
    }
  }
  return matrices;
}
