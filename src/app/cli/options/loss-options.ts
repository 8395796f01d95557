import type { OptionDefinition } from '../command.ts';
import { namedNumbers, numberFrom, oneOf, wholeNumber } from './option-values.ts';
import { presetDefaults } from './preset-defaults.ts';

const positive = numberFrom(0).refine((value) => value > 0, 'must be a number above 0');

/** The options of what training minimises; see docs/losses.md. */
export const lossOptions: readonly OptionDefinition[] = [
  {
    flags: '--loss <name>',
    description: `supcon, semi-hard, multi-similarity, contrastive, proxy-anchor, hinge, soft-margin or batch-mean-hinge${presetDefaults(({ loss }) => loss.kind)}`,
  },
  {
    flags: '--miner <name>',
    description:
      'hinge and soft-margin find triplets in batches of classes: semi-hard, batch-all, batch-hard, distance-weighted',
  },
  {
    flags: '--gap <g>',
    aliases: ['--margin'],
    description: `gap of a hinge, or distance that contrastive keeps classes apart${presetDefaults(({ loss }) => ('gap' in loss ? loss.gap : undefined))}`,
  },
  {
    flags: '--distance <name>',
    elsewhere: ['--metric'],
    description: `distance of a hinge or soft margin: euclidean or squared-euclidean${presetDefaults(({ loss }) => ('distance' in loss ? loss.distance : undefined))}`,
  },
  {
    flags: '--temperature <t>',
    elsewhere: ['--temp', '--tau'],
    description: `temperature of supcon${presetDefaults(({ loss }) => ('temperature' in loss ? loss.temperature : undefined))}`,
  },
  {
    flags: '--loss-settings <list>',
    description:
      'other numbers: alpha, beta, base, epsilon of multi-similarity; scale, margin, proxyRate of proxy-anchor',
  },
  { flags: '--cross-batch-memory <n>', description: 'compare also with the last n embeddings of earlier batches' },
  { flags: '--cross-batch-after <steps>', description: 'steps before they are kept (a tenth of the steps)' },
];

/** What other programs call losses. */
const lossesElsewhere = {
  triplet: 'hinge, or semi-hard',
  'triplet-margin': 'hinge, or semi-hard',
  'ms-loss': 'multi-similarity',
  ntxent: 'supcon',
  'nt-xent': 'supcon',
  infonce: 'supcon',
} as const;

/** What these options hold. */
export const lossInput = {
  loss: oneOf(
    [
      'supcon',
      'semi-hard',
      'multi-similarity',
      'contrastive',
      'proxy-anchor',
      'hinge',
      'soft-margin',
      'batch-mean-hinge',
    ],
    lossesElsewhere,
  ).optional(),
  miner: oneOf(['semi-hard', 'batch-all', 'batch-hard', 'distance-weighted']).optional(),
  gap: positive.optional(),
  distance: oneOf(['euclidean', 'squared-euclidean'], { l2: 'euclidean' }).optional(),
  temperature: positive.optional(),
  lossSettings: namedNumbers().optional(),
  crossBatchMemory: wholeNumber({ min: 1, max: 1_000_000 }).optional(),
  crossBatchAfter: wholeNumber().optional(),
};
