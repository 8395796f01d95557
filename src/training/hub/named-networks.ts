import type { BackboneName } from '../../ranking/networks/convnets/backbone-table.ts';
import type { HubAddress } from './hub-address.ts';

/** A pretrained network that can be named instead of addressed. */
export interface NamedNetwork {
  readonly name: string;
  /** What its features are good at, for a table. */
  readonly goodAt: string;
  /** Licence of its weights, by its SPDX name. */
  readonly licence: string;
  /** Bytes of its file in millions, as the hub shows them; undefined where nobody has looked. */
  readonly megabytes?: number;
  /** Pixels a side that it was trained at. */
  readonly size: number;
  readonly address: HubAddress;
}

const onnxOf = (repository: string, file = 'model'): HubAddress => ({
  repository,
  revision: 'main',
  path: `onnx/${file}.onnx`,
});

/** The networks that `train --backbone` knows by name: image encoders whose repositories hold them as ONNX files. */
export const namedNetworks: readonly NamedNetwork[] = [
  {
    name: 'dinov2-small',
    goodAt: 'objects and textures, instances; learnt without labels',
    licence: 'Apache-2.0',
    megabytes: 88.5,
    size: 224,
    address: onnxOf('onnx-community/dinov2-small'),
  },
  {
    name: 'dinov2-base',
    goodAt: 'the same, finer, four times the work',
    licence: 'Apache-2.0',
    megabytes: 347,
    size: 224,
    address: onnxOf('onnx-community/dinov2-base'),
  },
  {
    name: 'clip-vit-b32',
    goodAt: 'what a caption would say: photographs, drawings, logos',
    licence: 'MIT',
    megabytes: 352,
    size: 224,
    address: onnxOf('Xenova/clip-vit-base-patch32', 'vision_model'),
  },
  {
    name: 'siglip-base',
    goodAt: 'the same with smaller patches: products, scenes',
    licence: 'Apache-2.0',
    megabytes: 372,
    size: 224,
    address: onnxOf('Xenova/siglip-base-patch16-224', 'vision_model'),
  },
  {
    name: 'mobilenetv3-small',
    goodAt: 'photographs of ImageNet kinds, in least time',
    licence: 'Apache-2.0',
    megabytes: 10.2,
    size: 224,
    address: onnxOf('onnx-community/mobilenetv3_small_100.lamb_in1k'),
  },
  {
    name: 'mobilenetv3-large',
    goodAt: 'photographs of ImageNet kinds, quickly',
    licence: 'Apache-2.0',
    size: 224,
    address: onnxOf('onnx-community/mobilenetv3_large_100.ra_in1k'),
  },
  {
    name: 'mobilenetv4-small',
    goodAt: 'photographs of ImageNet kinds, quickly',
    licence: 'Apache-2.0',
    megabytes: 15.1,
    size: 224,
    address: onnxOf('onnx-community/mobilenetv4_conv_small.e2400_r224_in1k'),
  },
  {
    name: 'resnet-50',
    goodAt: 'photographs of ImageNet kinds; well known',
    licence: 'Apache-2.0',
    megabytes: 102,
    size: 224,
    address: onnxOf('Xenova/resnet-50'),
  },
  {
    name: 'convnext-tiny',
    goodAt: 'photographs of ImageNet kinds, finer than ResNet-50',
    licence: 'Apache-2.0',
    megabytes: 115,
    size: 224,
    address: onnxOf('Xenova/convnext-tiny-224'),
  },
];

/** Weights of the hub for a network that is defined here. */
export interface NamedWeights {
  /** As `--backbone` names it. */
  readonly backbone: BackboneName;
  readonly goodAt: string;
  /** Licence of the weights, by its SPDX name. */
  readonly licence: string;
  /** Pixels a side that they were trained at. */
  readonly size: number;
  readonly address: HubAddress;
}

const timmOf = (repository: string): HubAddress => ({ repository, revision: 'main', path: 'model.safetensors' });

/** Weights that `train --weights` takes for networks defined here, which then learn as a whole. */
export const namedWeights: readonly NamedWeights[] = [
  {
    backbone: 'efficientnet-lite0',
    goodAt: 'photographs of ImageNet kinds, quickly; the network of the packaged model',
    licence: 'Apache-2.0',
    size: 224,
    address: timmOf('timm/efficientnet_lite0.ra_in1k'),
  },
  {
    backbone: 'resnet18',
    goodAt: 'photographs of ImageNet kinds; well known',
    licence: 'Apache-2.0',
    size: 224,
    address: timmOf('timm/resnet18.a1_in1k'),
  },
  {
    backbone: 'mobilenetv3-large-100',
    goodAt: 'photographs of ImageNet kinds, quickly',
    licence: 'Apache-2.0',
    size: 224,
    address: timmOf('timm/mobilenetv3_large_100.ra_in1k'),
  },
  {
    backbone: 'mobilenetv3-small-100',
    goodAt: 'photographs of ImageNet kinds, in least time',
    licence: 'Apache-2.0',
    size: 224,
    address: timmOf('timm/mobilenetv3_small_100.lamb_in1k'),
  },
];

/** The network of a name; undefined if there is none. */
export function networkNamed(name: string): NamedNetwork | undefined {
  return namedNetworks.find((network) => network.name === name);
}
