import type { PresetName } from './presets.ts';
import { refuseChoices } from './refuse-choices.ts';
import type { Setting } from './settings/define-setting.ts';
import { trainingSettings } from './settings/training-settings.ts';
import type { TrainingChoices } from './training-choices.ts';
import { trainingDefaults } from './training-defaults.ts';

/** Choices that `auto` takes; every other one is part of what it decides by folds. */
const takenByAuto: ReadonlySet<string> = new Set(
  Object.entries<Setting>(trainingSettings).flatMap(([name, { auto = false }]) => (auto ? [name] : [])),
);

/** The preset that counts where nobody named one, and something was chosen that `auto` decides itself. */
const recipe = 'small';

/**
 * The preset of a run: the one that was named; else `auto`, or `small` as soon as something is chosen that `auto` decides itself
 * (a backbone of ours, a loss, a number of steps, the memory of a step), or triplets were listed, which have no classes to make folds of.
 *
 * @throws UsageError if `auto` was named beside such a choice, or for listed triplets, with the choice's path.
 */
export function presetOf(
  choices: TrainingChoices,
  { origin, memoryBytes }: { readonly origin: 'classes' | 'listed'; readonly memoryBytes?: number | undefined },
): PresetName {
  const { preset } = choices;
  if (preset !== undefined && preset !== 'auto') return preset;
  const others = Object.fromEntries(
    Object.entries(choices).filter(
      ([name, value]) =>
        value !== undefined &&
        !takenByAuto.has(name) &&
        // The packaged model has a size of its own.
        !(name === 'size' && choices.trunk !== undefined),
    ),
  );
  const freeze = choices.trunk?.freeze;
  const learnt = freeze !== undefined && freeze !== 'all';
  if (preset === undefined) {
    const steps = Object.keys(others).length > 0 || learnt || memoryBytes !== undefined;
    return steps || origin === 'listed' ? recipe : trainingDefaults.preset;
  }
  if (origin === 'listed') {
    refuseChoices(
      { preset },
      'listed triplets have no classes, and auto judges by folds of classes: use another preset',
    );
  }
  const reason = `the preset auto decides that by folds of the pictures: leave it out, or use the preset ${recipe}`;
  refuseChoices(others, reason);
  refuseChoices({ 'trunk.freeze': learnt ? freeze : undefined }, reason);
  return 'auto';
}
