import path from 'node:path';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { TripletOrigin } from '../../../training/configuration/choose-loss.ts';
import { refuseChoices } from '../../../training/configuration/refuse-choices.ts';
import type { TrainingChoices } from '../../../training/configuration/training-choices.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import type { TrainingPlan } from '../../../training/planning/plan-training.ts';
import { chooseRecipe } from '../../../training/planning/recipe.ts';
import { type LoadedWeights, loadWeights } from '../../../training/weights/load-weights.ts';

/**
 * The weights that a new run is to start from, loaded before anybody looks at pictures; undefined if none were chosen.
 *
 * @throws as `chooseRecipe` and `loadWeights` do.
 */
export async function chosenWeights(
  choices: TrainingChoices,
  origin: TripletOrigin,
): Promise<LoadedWeights | undefined> {
  const { weights, trunk } = choices;
  if (weights === undefined || weights === 'none') return undefined;
  if (trunk !== undefined) {
    refuseChoices({ weights }, 'the backbone is an ONNX file, which has its weights inside: leave it out');
  }
  const { network } = chooseRecipe(choices, origin);
  return loadWeights(weights, { ...network, pixelMean: 0, pixelDeviation: 1, grey: false });
}

/** The plan that starts with these weights: pixels enter as they did where the weights were learnt, in three channels unless the model that they are of took grey ones. */
export function withWeights(plan: TrainingPlan, loaded: LoadedWeights | undefined): TrainingPlan {
  if (loaded === undefined) return plan;
  const { file, sha256, weights, pixels } = loaded;
  const { pixelMean, pixelDeviation, grey = false } = pixels;
  const network = { ...plan.config.network, pixelMean, pixelDeviation, grey };
  return {
    ...plan,
    config: { ...plan.config, network, weights: { file: path.resolve(file), sha256 } },
    initial: weights,
  };
}

/**
 * The weights of a run that was killed before its first checkpoint, and so begins anew.
 *
 * @throws as `loadWeights` does, or if the file is no longer what it was.
 */
export async function reloadedWeights({ weights, network }: TrainingConfig): Promise<TrainingPlan['initial']> {
  if (weights === undefined) return undefined;
  const loaded = await loadWeights(weights.file, network);
  if (loaded.sha256 === weights.sha256) return loaded.weights;
  throw new TrainingError(
    `'${weights.file}' is not the file that the run was started with (SHA-256 ${loaded.sha256.slice(0, 12)}, was ${weights.sha256.slice(0, 12)}): bring it back, or start a new run`,
  );
}
