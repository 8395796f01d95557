import { suggestion } from '../../foundation/arguments/nearest-name.ts';
import { refuseChoices } from './refuse-choices.ts';
import type { TrainingChoices } from './training-choices.ts';
import type { LossConfig } from './training-config.ts';

/** Where triplets come from: from classes, or from a list that somebody made. */
export type TripletOrigin = 'classes' | 'listed';

type LossKind = Exclude<LossConfig['kind'], 'softmax'>;
type LossOption = '--gap' | '--distance' | '--temperature' | '--miner' | '--cross-batch-memory';

/** The options that each loss takes, beside its own numbers. */
const optionsOf: Readonly<Record<LossKind, readonly LossOption[]>> = {
  hinge: ['--gap', '--distance', '--miner', '--cross-batch-memory'],
  'soft-margin': ['--distance', '--miner', '--cross-batch-memory'],
  'batch-mean-hinge': ['--gap', '--distance'],
  'semi-hard': ['--gap', '--distance', '--cross-batch-memory'],
  supcon: ['--temperature', '--cross-batch-memory'],
  contrastive: ['--gap', '--cross-batch-memory'],
  'multi-similarity': ['--cross-batch-memory'],
  'proxy-anchor': [],
};

/** Why a loss does not take an option that others take, where it is not plain that it has no such number. */
const reasons: Readonly<Partial<Record<LossKind, Partial<Record<LossOption, string>>>>> = {
  'semi-hard': { '--miner': 'has its miner in its name: use --loss hinge --miner' },
  contrastive: { '--distance': 'is defined on Euclidean distances' },
  'proxy-anchor': {
    '--cross-batch-memory': 'compares images with proxies of their classes, not with other images',
  },
};

const listedLoss = { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' } as const;
const multiSimilarityDefaults = { alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 } as const;
const proxyAnchorDefaults = { scale: 32, margin: 0.1, proxyRate: 10 } as const;

/**
 * Completes a user's choice of loss by the preset's. Listed triplets are learnt with a hinge, g = 0.2, on squared Euclidean
 * distances, whatever the preset's loss.
 *
 * @throws if an option was given that the loss does not take, naming both; or if listed triplets are to be learnt by a loss
 * that wants classes.
 */
export function chooseLoss(choices: TrainingChoices, preset: LossConfig, origin: TripletOrigin): LossConfig {
  const usual = origin === 'listed' ? listedLoss : preset;
  const kind = choices.loss ?? rankingKind(usual);
  if (origin === 'listed') refuseMining(choices, kind);
  refuseOptions(choices, kind);
  const memory = chooseMemory(choices);
  const { miner } = choices;
  const mined = { ...(miner === undefined ? {} : { miner }), ...memory };
  switch (kind) {
    case 'hinge':
    case 'semi-hard':
    case 'batch-mean-hinge': {
      const fallback = usual.kind === kind ? usual : listedLoss;
      const numbers = { gap: choices.gap ?? fallback.gap, distance: choices.distance ?? fallback.distance };
      if (kind === 'hinge') return { kind, ...numbers, ...mined };
      return kind === 'semi-hard' ? { kind, ...numbers, ...memory } : { kind, ...numbers };
    }
    case 'soft-margin':
      return { kind, distance: choices.distance ?? 'euclidean', ...mined };
    case 'supcon':
      return {
        kind,
        temperature: choices.temperature ?? (usual.kind === kind ? usual.temperature : 0.1),
        ...memory,
      };
    case 'contrastive':
      return { kind, gap: choices.gap ?? 1, ...memory };
    case 'multi-similarity':
      return { kind, ...settingsOf(choices, kind, multiSimilarityDefaults), ...memory };
    case 'proxy-anchor':
      return { kind, ...settingsOf(choices, kind, proxyAnchorDefaults) };
  }
}

function rankingKind({ kind }: LossConfig): LossKind {
  if (kind === 'softmax') throw new Error('softmax is the loss of pre-training, and no preset ranks by it');
  return kind;
}

function refuseMining({ miner }: TrainingChoices, kind: LossKind): void {
  const use = 'use hinge, soft-margin or batch-mean-hinge';
  refuseChoices(
    { '--miner': miner },
    'a miner chooses triplets in batches of classes, and listed triplets have no classes: leave it out',
  );
  if (kind === 'hinge' || kind === 'soft-margin' || kind === 'batch-mean-hinge') return;
  const why = kind === 'semi-hard' ? 'it mines its triplets in batches of classes' : 'it compares batches of classes';
  refuseChoices({ '--loss': kind }, `${why}, and listed triplets have no classes: ${use}`);
}

function refuseOptions(choices: TrainingChoices, kind: LossKind): void {
  const given: Readonly<Record<LossOption, string | number | undefined>> = {
    '--gap': choices.gap,
    '--distance': choices.distance,
    '--temperature': choices.temperature,
    '--miner': choices.miner,
    '--cross-batch-memory': choices.crossBatchMemory,
  };
  const taken = optionsOf[kind];
  for (const option of Object.keys(given) as LossOption[]) {
    if (taken.includes(option)) continue;
    const why = reasons[kind]?.[option] ?? `has no ${option.slice(2)}; it takes ${taken.join(', ') || 'none of these'}`;
    refuseChoices({ [option]: given[option] }, `the loss ${kind} ${why}`);
  }
  if (choices.crossBatchMemory !== undefined && taken.includes('--miner') && choices.miner === undefined) {
    const why = `the loss ${kind} without --miner has its negatives listed: add --miner, or leave the memory out`;
    refuseChoices({ '--cross-batch-memory': choices.crossBatchMemory }, why);
  }
  const later = { '--cross-batch-after': choices.crossBatchAfter };
  if (choices.crossBatchMemory === undefined)
    refuseChoices(later, 'there is no memory: give --cross-batch-memory, too');
  const own = Object.keys(choices.lossSettings ?? {});
  if (own.length === 0 || kind === 'multi-similarity' || kind === 'proxy-anchor') return;
  const settings = own.map((name) => `${name}=${choices.lossSettings?.[name]}`).join();
  refuseChoices({ '--loss-settings': settings }, `the loss ${kind} has none; multi-similarity and proxy-anchor have`);
}

function chooseMemory({ crossBatchMemory, crossBatchAfter }: TrainingChoices) {
  if (crossBatchMemory === undefined) return {};
  return { memory: { rows: crossBatchMemory, ...(crossBatchAfter === undefined ? {} : { after: crossBatchAfter }) } };
}

/** The loss's own numbers: as chosen, else the defaults. @throws at a name that the loss does not know. */
function settingsOf<Name extends string>(
  { lossSettings = {} }: TrainingChoices,
  kind: LossKind,
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(defaults);
  for (const name of Object.keys(lossSettings)) {
    if (names.includes(name)) continue;
    throw new Error(
      `--loss-settings: the loss ${kind} has no '${name}', it has ${names.join(', ')}${suggestion(name, names)}`,
    );
  }
  return { ...defaults, ...lossSettings };
}
