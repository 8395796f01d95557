import type { ImportableBackbone } from './importable-backbones.ts';

/** Numbers of the convolutions in torchvision's `features`, block by block. */
const vggConvolutions = [
  [0, 2],
  [5, 7],
  [10, 12, 14],
  [17, 19, 21],
  [24, 26, 28],
] as const;
const vggBnConvolutions = [
  [0, 3],
  [7, 10],
  [14, 17, 20],
  [24, 27, 30],
  [34, 37, 40],
] as const;
const alexnetConvolutions = [0, 3, 6, 8, 10] as const;

/** What torchvision calls our parts of a batch normalisation. */
const normalizationParts: Readonly<Record<string, string>> = {
  scale: 'weight',
  bias: 'bias',
  running_mean: 'running_mean',
  running_variance: 'running_var',
};

/**
 * Names that torchvision and timm have for a tensor of a backbone, the first that a file has being meant: for convolutions and
 * normalisations both have the same; dense layers are torchvision's `classifier` and timm's `pre_logits`. None for what they
 * do not have, such as the embedding.
 *
 * @param ours a parameter's or statistic's name, such as `backbone.stage1.block1.conv1.weight`.
 */
export function torchNames(backbone: ImportableBackbone, ours: string): readonly string[] {
  const parts = ours.split('.');
  if (parts[0] !== 'backbone') return [];
  const last = parts[parts.length - 1];
  const normalized = parts[parts.length - 2] === 'norm';
  const part = normalized ? normalizationParts[last] : last;
  if (backbone === 'resnet18' || backbone === 'resnet50') return [`${resnetLayer(parts, normalized)}.${part}`];
  const dense = /^dense([12])$/.exec(parts[1]);
  if (dense !== null) return denseLayers(backbone, Number(dense[1])).map((layer) => `${layer}.${part}`);
  return [`features.${featureNumber(backbone, parts[1], normalized)}.${part}`];
}

function resnetLayer(parts: readonly string[], normalized: boolean): string {
  if (parts[1] === 'conv1') return normalized ? 'bn1' : 'conv1';
  const [, stage, block, layer] = parts;
  const at = `layer${stage.slice('stage'.length)}.${Number(block.slice('block'.length)) - 1}`;
  if (layer === 'shortcut') return `${at}.downsample.${normalized ? 1 : 0}`;
  return `${at}.${normalized ? layer.replace('conv', 'bn') : layer}`;
}

function featureNumber(backbone: 'vgg16' | 'vgg16-bn' | 'alexnet-tv', layer: string, normalized: boolean): number {
  const [block, place] = layer.slice('conv'.length).split('_').map(Number);
  if (backbone === 'alexnet-tv') return alexnetConvolutions[block - 1];
  if (backbone === 'vgg16') return vggConvolutions[block - 1][place - 1];
  return vggBnConvolutions[block - 1][place - 1] + (normalized ? 1 : 0);
}

function denseLayers(backbone: 'vgg16' | 'vgg16-bn' | 'alexnet-tv', place: number): readonly string[] {
  if (backbone === 'alexnet-tv') return [`classifier.${place === 1 ? 1 : 4}`];
  return [`classifier.${place === 1 ? 0 : 3}`, `pre_logits.fc${place}`];
}
