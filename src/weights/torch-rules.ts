import type { ImportableBackbone } from './importable-backbones.ts';
import { torchNames } from './torch-names.ts';
import type { WeightRules } from './weight-rule.ts';

/** Rules for a state dictionary of torchvision or timm, whose layout is ours. Dense layers are taken where their shapes match. */
export function torchRules(backbone: ImportableBackbone): WeightRules {
  return {
    convention: "torchvision's and timm's names",
    ruleOf(ours) {
      const from = torchNames(backbone, ours);
      return from.length === 0 ? undefined : { from, required: !ours.startsWith('backbone.dense') };
    },
  };
}
