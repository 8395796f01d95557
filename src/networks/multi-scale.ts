import { concat, div, l2Normalize, reduceMean, sub } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import { xavierUniform } from './initializers.ts';
import { linear } from './layers.ts';
import { lowResolutionPath, meanPools, pathGeometries } from './low-resolution-path.ts';
import type { NetworkConfig } from './network-config.ts';
import type { NetworkScope } from './network-scope.ts';
import { smallBackbone } from './small.ts';
import { vgg16Backbone } from './vgg16.ts';

const backbones = { small: smallBackbone, vgg16: vgg16Backbone } as const;

/**
 * The multi-scale deep ranking network f: a ConvNet and two low-resolution paths, each of unit length, concatenated, mapped
 * by one linear layer to the embedding, which is of unit length again. Query, positive and negative go through this one
 * network as rows of one batch, so they share every weight. Without paths the ConvNet's features go to the linear layer as
 * they are.
 *
 * Shapes: image [N, 3, H, W], values in 0..1, to [N, embeddingDimension].
 * Source: Wang et al. 2014, section 4 and figure 3.
 */
export function multiScaleNetwork(scope: NetworkScope, image: Value, config: NetworkConfig): Value {
  const pixels = config.grey ? reduceMean(image, [1], true) : image;
  const normalized = div(sub(pixels, config.pixelMean), config.pixelDeviation);
  const main = backbones[config.backbone](scope, normalized, config);
  const pools = meanPools(normalized);
  const paths = pathGeometries(config).map((geometry, index) =>
    lowResolutionPath(scope, `path${index + 1}`, pools, geometry),
  );
  const features = paths.length === 0 ? main : concat([l2Normalize(main), ...paths], 1);
  return l2Normalize(linear(scope, 'embedding', features, config.embeddingDimension, xavierUniform));
}
