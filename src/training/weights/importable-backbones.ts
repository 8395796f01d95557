import type { NetworkConfig } from '../../ranking/networks/network-config.ts';

/** The backbones that published weights have names for. */
export const importableBackbones = ['vgg16', 'vgg16-bn', 'resnet18', 'resnet50', 'alexnet-tv'] as const;

/** The name of a backbone that takes weights from elsewhere. */
export type ImportableBackbone = (typeof importableBackbones)[number];

/**
 * The backbone, if weights from elsewhere can be loaded into it.
 *
 * @throws if not: why, and which ones can take weights.
 */
export function importableBackbone(backbone: NetworkConfig['backbone']): ImportableBackbone {
  const known = importableBackbones.find((name) => name === backbone);
  if (known !== undefined) return known;
  const able = `Weights can be loaded into --backbone ${importableBackbones.join(', ')}`;
  switch (backbone) {
    case 'alexnet':
      throw new Error(
        `--weights was given, but Krizhevsky's AlexNet (--backbone alexnet) has no importable weights: those of 2012 were never published for a network in this form, and torchvision's are of another network, --backbone alexnet-tv. ${able}`,
      );
    case 'onnx':
      throw new Error(
        '--weights was given, but the backbone is an ONNX file, which has its weights inside: leave --weights out',
      );
    default:
      throw new Error(
        `--weights was given, but nobody publishes weights for --backbone ${backbone}, which is defined here. ${able}`,
      );
  }
}
