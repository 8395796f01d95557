import type { OptionDefinition } from './command.ts';
import { namedNumbers, numberFrom, oneOf, wholeNumber } from './option-values.ts';

const positive = numberFrom(0).refine((value) => value > 0, 'must be a number above 0');

/** The options of what training minimises; see docs/losses.md. */
export const lossOptions: readonly OptionDefinition[] = [
  {
    flags: '--loss <name>',
    description:
      'supcon, semi-hard, multi-similarity, contrastive, proxy-anchor, hinge, soft-margin or batch-mean-hinge',
  },
  {
    flags: '--miner <name>',
    description:
      'hinge and soft-margin find triplets in batches of classes: semi-hard, batch-all, batch-hard, distance-weighted',
  },
  { flags: '--gap <g>', description: 'gap of a hinge, or distance that contrastive keeps classes apart' },
  { flags: '--distance <name>', description: 'distance of a hinge or soft margin: euclidean or squared-euclidean' },
  { flags: '--temperature <t>', description: 'temperature of supcon' },
  {
    flags: '--loss-settings <list>',
    description:
      'other numbers: alpha, beta, base, epsilon of multi-similarity; scale, margin, proxyRate of proxy-anchor',
  },
  { flags: '--cross-batch-memory <n>', description: 'compare also with the last n embeddings of earlier batches' },
  { flags: '--cross-batch-after <steps>', description: 'steps before they are kept (a tenth of the steps)' },
];

/** What these options hold. */
export const lossInput = {
  loss: oneOf([
    'supcon',
    'semi-hard',
    'multi-similarity',
    'contrastive',
    'proxy-anchor',
    'hinge',
    'soft-margin',
    'batch-mean-hinge',
  ]).optional(),
  miner: oneOf(['semi-hard', 'batch-all', 'batch-hard', 'distance-weighted']).optional(),
  gap: positive.optional(),
  distance: oneOf(['euclidean', 'squared-euclidean']).optional(),
  temperature: positive.optional(),
  lossSettings: namedNumbers().optional(),
  crossBatchMemory: wholeNumber({ min: 1, max: 1_000_000 }).optional(),
  crossBatchAfter: wholeNumber().optional(),
};
