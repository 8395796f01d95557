import type { Value } from '../../graph/builder/graph.ts';
import { concat, l2Normalize, mul, reduceMean } from '../../graph/builder/operations.ts';
import { backboneTable } from './convnets/backbone-table.ts';
import type { ConvNet } from './convnets/define-backbone.ts';
import { xavierUniform } from './initializers.ts';
import { joinedParts } from './joined-parts.ts';
import { linear } from './layers.ts';
import { lowResolutionPath, meanPools } from './low-resolution-path.ts';
import { embeddingParts, type NetworkConfig } from './network-config.ts';
import type { NetworkScope } from './network-scope.ts';
import { normalizePixels } from './normalize-pixels.ts';
import { type PathGeometry, stridedPaths, subsampledPaths } from './path-geometry.ts';
import { orientedGradients } from './unlearnt/oriented-gradients.ts';
import { configuredParts } from './unlearnt/unlearnt-parts.ts';

/** The two low-resolution paths of a configuration; none if it has none. */
export function pathGeometries(
  { paths, width, height, backbone }: Pick<NetworkConfig, 'paths' | 'width' | 'height' | 'backbone'>,
  { subsampledPaths: own }: Pick<ConvNet, 'subsampledPaths'> = backboneTable.find(backbone) ?? {},
): readonly PathGeometry[] {
  if (paths === 'none') return [];
  if (paths === 'strided') return stridedPaths;
  return own?.(Math.min(width, height)) ?? subsampledPaths;
}

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
 * A trunk with `contours`, `colours` or `lowResolution` is joined with these by shares instead; see `joinedParts`.
 *
 * Shapes: image [N, 3, H, W], values in 0..1, to [N, embeddingDimension].
 * Source: Wang et al. 2014, section 4 and figure 3; parts that are ranked by themselves: Opitz et al. 2017 (BIER).
 *
 * @param convNet stands in the ConvNet's place. Default: the backbone that the configuration names.
 * @throws if the configuration names a backbone that is not defined here, as `onnx`, which is in a file, and none is given.
 */
export function multiScaleNetwork(
  scope: NetworkScope,
  image: Value,
  config: NetworkConfig,
  convNet: ConvNet = backboneTable.of(config.backbone),
): Value {
  const normalized = normalizePixels(image, config);
  const main = convNet.build(scope, convNet.pixels === 'unit' ? image : normalized, config);
  if (config.output === 'features') return scope.training ? main : l2Normalize(main);
  if (config.trunk !== undefined && configuredParts(config.trunk).length > 0) {
    return joinedParts(scope, main, config.embeddingDimension, config.trunk);
  }
  const pools = meanPools(normalized);
  const paths = pathGeometries(config, convNet).map((geometry, index) =>
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
