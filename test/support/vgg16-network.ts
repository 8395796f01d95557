import type { NetworkConfig } from '../../src/ranking/networks/network-config.ts';
import { smallNetwork } from './small-run.ts';

/** The article's network, with whatever is said otherwise. */
export function vgg16Network(side: number, changes: Partial<NetworkConfig> = {}): NetworkConfig {
  return smallNetwork(side, {
    backbone: 'vgg16',
    paths: 'strided',
    embeddingDimension: 4096,
    batchNormalization: false,
    dropout: 0.6,
    ...changes,
  });
}
