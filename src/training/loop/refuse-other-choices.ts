import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { Setting } from '../configuration/settings/define-setting.ts';
import { trainingSettings } from '../configuration/settings/training-settings.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * Refuses to go on with a run by other choices than it was started with: its own configuration counts, and a choice that changed
 * nothing would be a lie. Choices that are left out, and those that are the run's own, are taken.
 *
 * @throws at the first choice that differs, naming it, what was given and what the run was started with.
 */
export function refuseOtherChoices(run: RunFolder, choices: TrainingChoices, config: TrainingConfig): void {
  const given = new Map<string, unknown>(Object.entries(choices));
  for (const [name, setting] of Object.entries<Setting>(trainingSettings))
    refuseOther(run, name, setting, given.get(name), config);
}

function refuseOther(run: RunFolder, name: string, setting: Setting, given: unknown, config: TrainingConfig): void {
  if (given === undefined) return;
  const own = setting.startedWith(config, given, path.resolve);
  if (isDeepStrictEqual(own, given)) return;
  throw new TrainingError(
    `the run in '${run.folder}' was started with ${inWords(name)} ${asText(own)}, not ${asText(given)}, and goes on as it was started: leave that out, or start a new run in another folder`,
  );
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** `embeddingDimension` as `embedding dimension`. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
