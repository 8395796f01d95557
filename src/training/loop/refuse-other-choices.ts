import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { samplerTable, usualSampler } from '../../ranking/triplets/samplers/sampler-table.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import { rowsOf, type TrainingConfig } from '../configuration/training-config.ts';
import type { TrunkChoices } from '../configuration/trunk-choices.ts';
import type { RunFolder } from './run-folder.ts';

type Choices = Required<TrainingChoices>;
type Name = keyof Choices;
type Origin = NonNullable<TrunkChoices['origin']>;
/** What a run was started with, in the words of the choice that was given. */
type StartedWith = { readonly [N in Name]: (config: TrainingConfig, given: Choices[N]) => unknown };

/**
 * What a run's configuration says of each choice. Where the pictures decide, too (rows, epochs), whatever the pictures can have
 * made of the choice counts as the choice.
 */
const startedWith: StartedWith = {
  preset: ({ preset }) => preset,
  seed: ({ seed }) => seed,
  expect: ({ start }) => start?.expect ?? 'none',
  // How long choosing may take is no part of what was chosen.
  seconds: (_config, given) => given,
  size: ({ network }) => network.width,
  backbone: ({ network }) => network.backbone,
  trunk: ({ network: { trunk } }, given) =>
    trunk === undefined
      ? 'none'
      : {
          ...given,
          ...(given.cut === undefined ? {} : { cut: trunk.cut }),
          ...(given.origin === undefined ? {} : { origin: originLike(trunk, given.origin) }),
        },
  weights: ({ weights }, given) => (weights?.file === path.resolve(given) ? given : (weights?.file ?? 'none')),
  pretrainEpochs: ({ pretraining }) => pretraining?.epochs ?? 'none',
  paths: ({ network }) => network.paths,
  embeddingDimension: ({ network }) => network.embeddingDimension,
  hog: ({ network }) => network.hog ?? false,
  batchNormalization: ({ network }) => network.batchNormalization,
  dropout: ({ network }) => network.dropout,
  loss: ({ loss }) => loss.kind,
  miner: ({ loss }) => ('miner' in loss && loss.miner) || 'none',
  crossBatchMemory: (config) => memoryOf(config)?.rows ?? 'none',
  crossBatchAfter: (config) => memoryOf(config)?.after ?? 'none',
  lossSettings: ({ loss }, given) => {
    const numbers = new Map<string, unknown>(Object.entries(loss));
    return Object.fromEntries(Object.keys(given).map((name) => [name, numbers.get(name)]));
  },
  sampler: ({ sampler }) => sampler?.kind ?? usualSampler.name,
  relevance: ({ sampler }, given) => {
    const own = samplerChoices(sampler).relevance;
    return own === undefined ? 'none' : sameRelevance(own, given);
  },
  outOfClass: ({ sampler }) => samplerChoices(sampler).outOfClass ?? 'none',
  relevanceMargin: ({ sampler }) => samplerChoices(sampler).relevanceMargin ?? 'none',
  relevanceLimit: ({ sampler }) => samplerChoices(sampler).relevanceLimit ?? 'none',
  buffer: ({ sampler }) => samplerChoices(sampler).buffer ?? 'none',
  categoryLevels: ({ sampler }) => samplerChoices(sampler).categoryLevels ?? 'none',
  gap: ({ loss }) => ('gap' in loss ? loss.gap : 'none'),
  distance: ({ loss }) => ('distance' in loss ? loss.distance : 'none'),
  temperature: ({ loss }) => ('temperature' in loss ? loss.temperature : 'none'),
  // Few pictures make a batch smaller than was asked for.
  rows: ({ batch }, given) => (batch.kind === 'classes' && rowsOf(batch) < given ? given : rowsOf(batch)),
  imagesPerClass: ({ batch }, given) => (batch.kind === 'triplets' ? 'none' : Math.max(batch.imagesPerClass, given)),
  optimizer: ({ optimizer }) => optimizer.kind,
  momentum: ({ optimizer }) => ('momentum' in optimizer ? optimizer.momentum : 'none'),
  nesterov: ({ optimizer }) => 'nesterov' in optimizer && optimizer.nesterov,
  learningRate: ({ learningRate }) => learningRate,
  weightDecay: ({ weightDecay }) => weightDecay,
  schedule: ({ schedule }) => schedule.kind,
  warmup: ({ schedule }) => schedule.warmup,
  warmupSteps: ({ schedule }) => schedule.warmupSteps ?? 0,
  clipNorm: ({ clipNorm }) => clipNorm ?? 'none',
  augmentation: ({ augmentation }) => augmentation,
  epochs: (config, given) => epochsLike(config, config.steps, given),
  steps: ({ steps }) => steps,
  heldOut: ({ heldOut }) => heldOut.share,
  leakProof: ({ heldOut }) => heldOut.leakProof ?? false,
  evaluateEveryEpochs: (config, given) => epochsLike(config, config.evaluateEvery, given),
  patience: ({ patience }) => patience ?? 'none',
  threads: ({ engine }) => engine.threads,
  rowsAtOnce: ({ engine }) => engine.rowsAtOnce,
  provider: ({ engine }) => engine.provider,
};

/**
 * Refuses to go on with a run by other choices than it was started with: its own configuration counts, and a choice that changed
 * nothing would be a lie. Choices that are left out, and those that are the run's own, are taken.
 *
 * @throws at the first choice that differs, naming it, what was given and what the run was started with.
 */
export function refuseOtherChoices(run: RunFolder, choices: TrainingChoices, config: TrainingConfig): void {
  for (const name of Object.keys(startedWith) as Name[]) refuseOther(run, name, choices[name], config);
}

function refuseOther<N extends Name>(
  { folder }: RunFolder,
  name: N,
  given: Choices[N] | undefined,
  config: TrainingConfig,
): void {
  if (given === undefined) return;
  const own = startedWith[name](config, given);
  if (isDeepStrictEqual(own, given)) return;
  throw new TrainingError(
    `the run in '${folder}' was started with ${inWords(name)} ${asText(own)}, not ${asText(given)}, and goes on as it was started: leave that out, or start a new run in another folder`,
  );
}

function memoryOf({ loss }: TrainingConfig) {
  return 'memory' in loss ? loss.memory : undefined;
}

/** What was chosen of a run's sampler. */
const samplerChoices = (sampler: TrainingConfig['sampler']) =>
  sampler === undefined ? {} : samplerTable.of(sampler).choicesOf(sampler);

/** Where the trunk is from; a branch or a tag may have been its commit. */
function originLike({ origin }: Pick<TrunkChoices, 'origin'>, given: Origin): Origin | 'a file' {
  if (origin === undefined) return 'a file';
  return /^[0-9a-f]{40}$/.test(given.revision) ? origin : { ...origin, revision: given.revision };
}

/** Relevance in the words that were given, if they say the same: `labels` is `labels:0.1`, paths are absolute. */
function sameRelevance(own: string, given: string): string {
  const [kind, rest] = [given.split(':', 1)[0], given.slice(given.indexOf(':') + 1)];
  if (given === 'labels' && own === 'labels:0.1') return given;
  return own === `${kind}:${path.resolve(rest)}` ? given : own;
}

/**
 * The epochs that were given, if so many steps can have come of them: `stepsPerEpoch` is the exact number of batches of an
 * epoch rounded up. Else about how many epochs these steps are.
 */
function epochsLike({ stepsPerEpoch }: TrainingConfig, steps: number, given: number): number | string {
  const fewest = Math.floor(given * (stepsPerEpoch - 1));
  const most = Math.max(1, Math.ceil(given * stepsPerEpoch));
  return fewest <= steps && steps <= most ? given : `about ${Number((steps / stepsPerEpoch).toPrecision(3))}`;
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `embeddingDimension` as `embedding dimension`. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
