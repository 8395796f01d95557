import type { NetworkConfig } from './network-config.ts';

/** Pictures that go through a model of each backbone at once: fewer where one picture's values already fill the processor's caches. */
const batches: { readonly [Name in NetworkConfig['backbone']]: number } = {
  small: 16,
  vgg16: 4,
  'vgg16-bn': 4,
  alexnet: 16,
  'alexnet-tv': 16,
  resnet18: 16,
  resnet50: 16,
  onnx: 16,
};

/** How many pictures a model file of this network takes at once; the file says so, and readers keep to it. */
export const embeddingBatch = ({ backbone }: Pick<NetworkConfig, 'backbone'>): number => batches[backbone];
