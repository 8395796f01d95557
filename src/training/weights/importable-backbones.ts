import { type BackboneName, backboneNames, backboneTable } from '../../ranking/networks/backbone-table.ts';
import type { PublishedWeights } from '../../ranking/networks/define-backbone.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';

/** A backbone that takes weights from elsewhere. */
export interface ImportableBackbone {
  readonly name: BackboneName;
  readonly weights: PublishedWeights;
}

/** The backbones that published weights have names for. */
export const importableBackbones: readonly ImportableBackbone[] = backboneNames.flatMap((name) => {
  const weights = backboneTable.find(name)?.weights;
  return weights === undefined || 'none' in weights ? [] : [{ name, weights }];
});

/**
 * The backbone, if weights from elsewhere can be loaded into it.
 *
 * @throws if not: why, and which ones can take weights.
 */
export function importableBackbone(backbone: NetworkConfig['backbone']): ImportableBackbone {
  const known = importableBackbones.find(({ name }) => name === backbone);
  if (known !== undefined) return known;
  const weights = backboneTable.find(backbone)?.weights;
  if (weights === undefined || !('none' in weights)) {
    throw new Error(
      '--weights was given, but the backbone is an ONNX file, which has its weights inside: leave --weights out',
    );
  }
  const able = importableBackbones.map(({ name }) => name).join(', ');
  throw new Error(`--weights was given, but ${weights.none}. Weights can be loaded into --backbone ${able}`);
}
