import { nearestName, suggestion } from '../../foundation/arguments/nearest-name.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { alternatives } from '../../foundation/text/alternatives.ts';
import { type LossDefinition, type SharedSetting, sharedSettings } from '../../ranking/losses/define-loss.ts';
import { hingeLoss } from '../../ranking/losses/hinge.ts';
import { type LossConfig, lossConfigSchema, lossesOverTriplets, lossTable } from '../../ranking/losses/loss-table.ts';
import { parsedChoice } from './parsed-choice.ts';
import { refuseChoices } from './refuse-choices.ts';
import type { TrainingChoices } from './training-choices.ts';

/** Where triplets come from: from classes, or from a list that somebody made. */
export type TripletOrigin = 'classes' | 'listed';

/** Choices that some losses take and others do not, by the shared setting that they choose. */
const choiceOf: Readonly<Record<SharedSetting, keyof TrainingChoices>> = {
  gap: 'gap',
  distance: 'distance',
  temperature: 'temperature',
  miner: 'miner',
  memory: 'crossBatchMemory',
};

const settingInWords: Readonly<Record<SharedSetting, string>> = {
  gap: 'gap',
  distance: 'distance',
  temperature: 'temperature',
  miner: 'miner',
  memory: 'cross-batch memory',
};

/**
 * Completes a user's choice of loss by the preset's. Listed triplets are learnt with a hinge, g = 0.2, on squared Euclidean
 * distances, whatever the preset's loss.
 *
 * @throws if an option was given that the loss does not take, naming both; or if listed triplets are to be learnt by a loss
 * that wants classes.
 */
export function chooseLoss(choices: TrainingChoices, preset: LossConfig, origin: TripletOrigin): LossConfig {
  const usual: LossConfig =
    origin === 'listed' ? lossConfigSchema.parse({ kind: 'hinge', ...hingeLoss.defaults }) : preset;
  const loss = lossTable.of({ kind: choices.loss ?? usual.kind });
  if (!lossTable.ranking.includes(loss))
    refuseChoices({ loss: loss.name }, 'no preset ranks by it: it is a loss of pre-training');
  if (origin === 'listed') refuseMining(choices, loss);
  refuseOptions(choices, loss);
  const { gap, distance, temperature, miner } = choices;
  const chosen = Object.entries({ gap, distance, temperature, miner, ...ownNumbers(choices, loss) });
  const settings = {
    kind: loss.name,
    ...loss.defaults,
    ...(usual.kind === loss.name ? usualNumbers(usual, loss) : {}),
    ...Object.fromEntries(chosen.filter(([, value]) => value !== undefined)),
    ...chooseMemory(choices),
  };
  return parsedChoice(lossConfigSchema, settings, 'loss');
}

/** What a user may leave out, as the preset has it. */
function usualNumbers(usual: LossConfig, { defaults }: LossDefinition): Record<string, unknown> {
  return Object.fromEntries(Object.entries(usual).filter(([name]) => name in defaults));
}

function refuseMining({ miner }: TrainingChoices, loss: LossDefinition): void {
  refuseChoices(
    { miner },
    'a miner chooses triplets in batches of classes, and listed triplets have no classes: leave it out',
  );
  if (loss.batch !== 'classes') return;
  const why = loss.needsClasses ?? 'it compares batches of classes';
  const use = alternatives(lossesOverTriplets(lossTable));
  refuseChoices({ loss: loss.name }, `${why}, and listed triplets have no classes: use ${use}`);
}

function refuseOptions(choices: TrainingChoices, loss: LossDefinition): void {
  const { gap, distance, temperature, miner, crossBatchMemory: memory } = choices;
  const given = { gap, distance, temperature, miner, memory };
  const taken = sharedSettings.filter((setting) => loss.settings.includes(setting));
  for (const setting of sharedSettings) {
    if (taken.includes(setting)) continue;
    const choices = taken.map((other) => `choices.${choiceOf[other]}`).join(', ') || 'none of these';
    const why = loss.refuses?.[setting] ?? `has no ${settingInWords[setting]}; it takes ${choices}`;
    refuseChoices({ [choiceOf[setting]]: given[setting] }, `the loss ${loss.name} ${why}`);
  }
  if (memory !== undefined && loss.batch === 'by miner' && miner === undefined) {
    const why = `the loss ${loss.name} without choices.miner has its negatives listed: add choices.miner, or leave the memory out`;
    refuseChoices({ crossBatchMemory: memory }, why);
  }
  if (memory !== undefined) return;
  refuseChoices({ crossBatchAfter: choices.crossBatchAfter }, 'there is no memory: give choices.crossBatchMemory, too');
}

function chooseMemory({ crossBatchMemory, crossBatchAfter }: TrainingChoices) {
  if (crossBatchMemory === undefined) return {};
  return { memory: { rows: crossBatchMemory, ...(crossBatchAfter === undefined ? {} : { after: crossBatchAfter }) } };
}

/** The loss's own numbers that were chosen. @throws at a name that the loss does not know. */
function ownNumbers({ lossSettings = {} }: TrainingChoices, loss: LossDefinition): Readonly<Record<string, number>> {
  const given = Object.entries(lossSettings);
  const names = loss.ownNumbers;
  if (given.length > 0 && names.length === 0) {
    const others = lossTable.ranking.filter((other) => other.ownNumbers.length > 0).map(({ name }) => name);
    const settings = Object.fromEntries(given.map(([name, value]) => [`lossSettings.${name}`, value]));
    refuseChoices(settings, `the loss ${loss.name} has none; ${others.join(' and ')} have`);
  }
  for (const [name] of given) {
    if (names.includes(name)) continue;
    const path = `choices.lossSettings.${name}`;
    throw new UsageError(
      `${path}: the loss ${loss.name} has no '${name}', it has ${names.join(', ')}${suggestion(name, names)}`,
      { path, expected: `one of ${names.join(', ')}`, value: lossSettings[name], nearest: nearestName(name, names) },
    );
  }
  return lossSettings;
}
