import { ours } from '../entry.mjs';

/** @type {import('../entry.mjs').Entry} */
export const convolutionShare = {
  name: 'convolution-share',
  about: "convolutions of the article network, forward and backward, over onnxruntime's 2048^3 matrix product",
  same: [],
  plan: async ({ threads }) => ({ sides: [ours('convolution-share.mjs', [threads])] }),
  figures: [
    {
      work: 'speed of the article network’s convolutions, forward and backward, over onnxruntime’s own 2048³ float32 MatMul',
      kind: 'share',
      quantity: 'share',
      atLeast: 0.7,
    },
  ],
};
