import { UsageError } from '../../foundation/errors/usage-error.ts';
import { type BackboneName, backboneNames, backboneTable } from '../../ranking/networks/convnets/backbone-table.ts';
import type { PublishedWeights } from '../../ranking/networks/convnets/define-backbone.ts';
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
    throw refusedWeights('the backbone is an ONNX file, which has its weights inside: leave choices.weights out');
  }
  const able = importableBackbones.map(({ name }) => name).join(', ');
  throw refusedWeights(`${weights.none}. Weights can be loaded into choices.backbone ${able}`);
}

function refusedWeights(reason: string): UsageError {
  const [path, expected] = ['choices.weights', 'nothing, with this backbone'];
  return new UsageError(`${path} was given, but ${reason}`, { path, expected });
}
