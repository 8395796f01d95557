import type { PublishedWeights } from '../../ranking/networks/convnets/define-backbone.ts';
import type { WeightRules } from './weight-rule.ts';

/**
 * Rules for a state dictionary of torchvision or timm, whose layout is ours. Dense layers are taken where their shapes match.
 *
 * @param prefix stands before every name in the file, see `torchPrefix`.
 */
export function torchRules({ torchNames }: Pick<PublishedWeights, 'torchNames'>, prefix = ''): WeightRules {
  return {
    convention: `torchvision's and timm's names${prefix === '' ? '' : ` behind '${prefix}'`}`,
    ruleOf(ours) {
      const from = torchNames(ours).map((name) => prefix + name);
      return from.length === 0 ? undefined : { from, required: !ours.startsWith('backbone.dense') };
    },
  };
}
