import {
  callback,
  flag,
  numberAbove,
  numberFrom,
  type OptionRules,
  objectWith,
  optional,
  text,
  valueLike,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { longWorkRules } from '../../foundation/progress/progress.ts';
import { pictureLimits } from '../../pictures/decoding/picture-limits.ts';
import { checkedTrainingChoices } from '../../training/configuration/training-choices-schema.ts';
import type { FeatureCacheOptions } from '../../training/features/feature-cache.ts';
import type { TrainRunOptions } from './train-run-options.ts';
import type { TrainingMaterial } from './training-material.ts';

/** What a run learns from. */
export const trainingMaterialRule = valueLike<TrainingMaterial>(
  'what loadTrainingMaterial gives',
  (value) => isObject(value) && isObject(value['dataset']) && Array.isArray(value['dataset']['images']),
  'await loadTrainingMaterial(path) gives it',
);

const rules: OptionRules<TrainRunOptions> = {
  material: trainingMaterialRule,
  folder: text('the path of a folder'),
  choices: optional(objectWith('an object of choices', [])),
  resume: optional(flag()),
  memoryBytes: optional(numberAbove(0)),
  cacheBytes: optional(numberFrom(0)),
  diskCacheBytes: optional(numberFrom(0)),
  keptPixels: optional(text('the path of a folder')),
  featureCache: optional(objectWith('an object of options', [])),
  pictureLimits: optional(objectWith('an object of limits', [])),
  checkpointSeconds: optional(numberFrom(0)),
  description: optional(valueLike('a text', (value) => typeof value === 'string')),
  attribution: optional(valueLike('a text', (value) => typeof value === 'string')),
  wording: optional(callback()),
  ...longWorkRules,
  onPlan: optional(callback()),
  onEvent: optional(callback()),
  onWeights: optional(callback()),
  onPretraining: optional(callback()),
};

const cacheRules: OptionRules<FeatureCacheOptions> = {
  folder: optional(text('the path of a folder')),
  budgetBytes: optional(numberFrom(0)),
};

/**
 * Checks what a run is to be made from, before anything is read or written: every option, and every choice.
 *
 * @throws UsageError at the first that is wrong, with its path: `folder`, `choices.optimizer`, `pictureLimits.side`.
 */
export function checkTrainRunOptions(options: TrainRunOptions): void {
  checkOptions(options, rules);
  if (options.choices !== undefined) checkedTrainingChoices(options.choices);
  if (options.featureCache !== undefined) checkOptions(options.featureCache, cacheRules, 'featureCache');
  pictureLimits(options.pictureLimits);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
