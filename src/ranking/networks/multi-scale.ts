import { concat, l2Normalize, mul, reduceMean } from '../../graph/builder/operations.ts';
import type { Value } from '../../graph/builder/value.ts';
import { alexnetBackbone, alexnetTvBackbone } from './alexnet.ts';
import { xavierUniform } from './initializers.ts';
import { linear } from './layers.ts';
import { lowResolutionPath, meanPools, pathGeometries } from './low-resolution-path.ts';
import { embeddingParts, type NetworkConfig } from './network-config.ts';
import type { NetworkScope } from './network-scope.ts';
import { normalizePixels } from './normalize-pixels.ts';
import { orientedGradients } from './oriented-gradients.ts';
import { resnet18Backbone, resnet50Backbone } from './resnet.ts';
import { smallBackbone } from './small.ts';
import { vgg16Backbone, vgg16BnBackbone } from './vgg16.ts';

/** A ConvNet: pictures [N, C, H, W] to features [N, F]. */
export type Backbone = (scope: NetworkScope, image: Value, config: NetworkConfig) => Value;

const backbones: { readonly [Name in Exclude<NetworkConfig['backbone'], 'onnx'>]: Backbone } = {
  small: smallBackbone,
  vgg16: vgg16Backbone,
  'vgg16-bn': vgg16BnBackbone,
  alexnet: alexnetBackbone,
  'alexnet-tv': alexnetTvBackbone,
  resnet18: resnet18Backbone,
  resnet50: resnet50Backbone,
};

/**
 * The multi-scale deep ranking network f: a ConvNet and two low-resolution paths, each of unit length, concatenated, mapped
 * by one linear layer to the embedding, which is of unit length again. Query, positive and negative go through this one
 * network as rows of one batch, so they share every weight. Without paths the ConvNet's features go to the linear layer as
 * they are. With the output `features` the ConvNet is all there is: its features as they are in training, of unit length
 * otherwise.
 *
 * With `hog` that makes half of the embedding, and the other half is a linear map of histograms of oriented gradients. Both
 * have the same length; put together they have length 1, and the squared distance is the mean of the parts' own.
 *
 * Shapes: image [N, 3, H, W], values in 0..1, to [N, embeddingDimension].
 * Source: Wang et al. 2014, section 4 and figure 3; parts that are ranked by themselves: Opitz et al. 2017 (BIER).
 *
 * @param foreign the ConvNet of the backbone `onnx`, which is in a file; it gets the image with values in 0..1.
 */
export function multiScaleNetwork(scope: NetworkScope, image: Value, config: NetworkConfig, foreign?: Backbone): Value {
  const normalized = normalizePixels(image, config);
  const main =
    config.backbone === 'onnx'
      ? given(foreign)(scope, image, config)
      : backbones[config.backbone](scope, normalized, config);
  if (config.output === 'features') return scope.training ? main : l2Normalize(main);
  const pools = meanPools(normalized);
  const paths = pathGeometries(config).map((geometry, index) =>
    lowResolutionPath(scope, `path${index + 1}`, pools, geometry),
  );
  const features = paths.length === 0 ? main : concat([l2Normalize(main), ...paths], 1);
  const parts = embeddingParts(config);
  const embed = (name: string, from: Value) =>
    l2Normalize(linear(scope, name, from, config.embeddingDimension / parts, xavierUniform));
  const embedding = embed('embedding', features);
  if (parts === 1) return embedding;
  const contours = embed('hog', orientedGradients(config.grey ? reduceMean(image, [1], true) : image));
  return mul(concat([embedding, contours], 1), 1 / Math.sqrt(parts));
}

function given(foreign: Backbone | undefined): Backbone {
  if (foreign !== undefined) return foreign;
  throw new Error("the network's backbone is in an ONNX file, which has to be given with its configuration");
}
