import { alternatives } from '../../../foundation/text/alternatives.ts';
import type { SharedSetting } from '../../../ranking/losses/define-loss.ts';
import { lossTable, rankingLossNames } from '../../../ranking/losses/loss-table.ts';
import { minerNames } from '../../../ranking/losses/miners/miner-table.ts';
import type { OptionDefinition } from '../command.ts';
import { namedNumbers, numberFrom, oneOf, wholeNumber } from './option-values.ts';
import { presetDefaults } from './preset-defaults.ts';

const positive = numberFrom(0).refine((value) => value > 0, 'must be a number above 0');

const losses = lossTable.ranking;
const withSetting = (setting: SharedSetting) =>
  losses.filter(({ settings }) => settings.includes(setting)).map(({ name }) => name);
const ownNumbers = losses.flatMap(({ name, ownNumbers: own }) =>
  own.length === 0 ? [] : [`${own.join(', ')} of ${name}`],
);

/** The options of what training minimises; see docs/losses.md. */
export const lossOptions: readonly OptionDefinition[] = [
  {
    flags: '--loss <name>',
    description: `${alternatives(rankingLossNames)}${presetDefaults(({ loss }) => loss.kind)}`,
  },
  {
    flags: '--miner <name>',
    description: `${withSetting('miner').join(' and ')} find triplets in batches of classes: ${minerNames.join(', ')}`,
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
    description: `temperature of ${withSetting('temperature').join(' and ')}${presetDefaults(({ loss }) => ('temperature' in loss ? loss.temperature : undefined))}`,
  },
  {
    flags: '--loss-settings <list>',
    description: `other numbers: ${ownNumbers.join('; ')}`,
  },
  { flags: '--cross-batch-memory <n>', description: 'compare also with the last n embeddings of earlier batches' },
  { flags: '--cross-batch-after <steps>', description: 'steps before they are kept (a tenth of the steps)' },
];

/** What other programs call losses, and what it is here. */
function lossesElsewhere(): Record<string, string> {
  const meant = new Map<string, string[]>();
  for (const { name, words } of losses) {
    for (const other of words.elsewhere ?? []) meant.set(other, [...(meant.get(other) ?? []), name]);
  }
  return Object.fromEntries([...meant].map(([other, names]) => [other, names.join(', or ')]));
}

/** What these options hold. */
export const lossInput = {
  loss: oneOf(rankingLossNames, lossesElsewhere()).optional(),
  miner: oneOf(minerNames).optional(),
  gap: positive.optional(),
  distance: oneOf(['euclidean', 'squared-euclidean'], { l2: 'euclidean' }).optional(),
  temperature: positive.optional(),
  lossSettings: namedNumbers().optional(),
  crossBatchMemory: wholeNumber({ min: 1, max: 1_000_000 }).optional(),
  crossBatchAfter: wholeNumber().optional(),
};
