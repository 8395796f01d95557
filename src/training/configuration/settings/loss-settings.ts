import { z } from 'zod';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import type { SharedSetting } from '../../../ranking/losses/define-loss.ts';
import { lossTable, rankingLossNames } from '../../../ranking/losses/loss-table.ts';
import { minerNames } from '../../../ranking/losses/miners/miner-table.ts';
import { distance, gap } from '../../../ranking/losses/shared-settings.ts';
import type { TrainingConfig } from '../training-config.ts';
import { defineSetting } from './define-setting.ts';

const losses = lossTable.ranking;
const withSetting = (setting: SharedSetting) =>
  losses.filter(({ settings }) => settings.includes(setting)).map(({ name }) => name);
const ownNumbers = losses.flatMap(({ name, ownNumbers: own }) =>
  own.length === 0 ? [] : [`${own.join(', ')} of ${name}`],
);

/** What training minimises; see docs/losses.md. */
export const lossSettings = {
  /** Default: the preset's; for listed triplets `hinge`. */
  loss: defineSetting({
    schema: z.enum(rankingLossNames),
    byPreset: ({ loss }) => loss.kind,
    option: {
      group: 'Loss and sampling',
      value: 'name',
      valuesElsewhere: lossesElsewhere(),
      help: alternatives(rankingLossNames),
    },
    startedWith: ({ loss }) => loss.kind,
  }),
  /** How `hinge` and `soft-margin` find triplets in batches of classes. Default: they take triplets drawn beforehand. */
  miner: defineSetting({
    schema: z.enum(minerNames),
    option: {
      group: 'Loss and sampling',
      value: 'name',
      help: `${withSetting('miner').join(' and ')} find triplets in batches of classes: ${minerNames.join(', ')}`,
    },
    startedWith: ({ loss }) => ('miner' in loss && loss.miner) || 'none',
  }),
  /** Distance by which a negative is to be farther than its positive, or that `contrastive` keeps classes apart. */
  gap: defineSetting({
    schema: gap,
    byPreset: ({ loss }) => ('gap' in loss ? loss.gap : undefined),
    option: {
      group: 'Loss and sampling',
      value: 'g',
      aliases: ['margin'],
      help: 'gap of a hinge, or distance that contrastive keeps classes apart',
    },
    startedWith: ({ loss }) => ('gap' in loss ? loss.gap : 'none'),
  }),
  /** The distance of two embeddings in a hinge or soft margin. */
  distance: defineSetting({
    schema: distance,
    byPreset: ({ loss }) => ('distance' in loss ? loss.distance : undefined),
    option: {
      group: 'Loss and sampling',
      value: 'name',
      elsewhere: ['metric'],
      valuesElsewhere: { l2: 'euclidean' },
      help: `distance of a hinge or soft margin: ${distance.options.join(' or ')}`,
    },
    startedWith: ({ loss }) => ('distance' in loss ? loss.distance : 'none'),
  }),
  /** What similarities are divided by. */
  temperature: defineSetting({
    schema: z.number().positive(),
    byPreset: ({ loss }) => ('temperature' in loss ? loss.temperature : undefined),
    option: {
      group: 'Loss and sampling',
      value: 't',
      elsewhere: ['temp', 'tau'],
      help: `temperature of ${withSetting('temperature').join(' and ')}`,
    },
    startedWith: ({ loss }) => ('temperature' in loss ? loss.temperature : 'none'),
  }),
  /** A loss's own numbers by name; see docs/losses.md. */
  lossSettings: defineSetting({
    schema: z.record(z.string(), z.number()),
    option: { group: 'Loss and sampling', value: 'list', help: `other numbers: ${ownNumbers.join('; ')}` },
    startedWith: ({ loss }, given) => {
      const numbers = new Map<string, unknown>(Object.entries(loss));
      return Object.fromEntries(Object.keys(given).map((name) => [name, numbers.get(name)]));
    },
  }),
  /** Embeddings of earlier batches to compare with, too. Default: none. */
  crossBatchMemory: defineSetting({
    schema: z.int().min(1).max(1_000_000),
    option: {
      group: 'Loss and sampling',
      value: 'n',
      help: 'compare also with the last n embeddings of earlier batches',
    },
    startedWith: (config) => memoryOf(config)?.rows ?? 'none',
  }),
  /** Steps before they are kept. Default: a tenth of the steps. */
  crossBatchAfter: defineSetting({
    schema: z.int().min(0).max(1_000_000_000),
    option: {
      group: 'Loss and sampling',
      value: 'steps',
      help: 'steps before they are kept (a tenth of the steps)',
    },
    startedWith: (config) => memoryOf(config)?.after ?? 'none',
  }),
};

function memoryOf({ loss }: TrainingConfig) {
  return 'memory' in loss ? loss.memory : undefined;
}

/** What other programs call losses, and what it is here. */
function lossesElsewhere(): Record<string, string> {
  const meant = new Map<string, string[]>();
  for (const { name, words } of losses) {
    for (const other of words.elsewhere ?? []) meant.set(other, [...(meant.get(other) ?? []), name]);
  }
  return Object.fromEntries([...meant].map(([other, names]) => [other, names.join(', or ')]));
}
