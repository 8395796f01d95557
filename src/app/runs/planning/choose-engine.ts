import { oneDnnIsFaster } from '../../../engines/choosing/program-on-engine.ts';
import { type OneDnnLibrary, openLibrary } from '../../../engines/onednn/library/open-library.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { EngineChoice, PrecisionChoice } from '../../../training/configuration/engine-choices.ts';
import { refuseChoices } from '../../../training/configuration/refuse-choices.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { featureRows } from '../../../training/features/frozen-features.ts';
import type { TrainingPlan } from '../../../training/planning/plan-training.ts';
import { featuresGraph } from '../../../training/step/network-graphs.ts';

/** oneDNN as a run's configuration has it. */
export type OneDnnConfig = NonNullable<TrainingConfig['engine']['onednn']>;

/** What was chosen of the engine of a run. */
export interface EngineChoices {
  readonly engine?: EngineChoice | undefined;
  readonly precision?: PrecisionChoice | undefined;
  readonly provider?: TrainingConfig['engine']['provider'] | undefined;
}

/**
 * Whether oneDNN computes a new run, and how; undefined where onnxruntime does. `auto` takes oneDNN where its library is here
 * and the processor has AVX2, without which it is no faster, and float32: what bfloat16 does to the quality of runs has not
 * been measured widely enough to be chosen unasked.
 *
 * @param open opens the library. Default: as `openLibrary` does.
 * @throws EngineError if oneDNN is asked for and cannot be had; UsageError if choices do not go together.
 */
export async function chooseEngine(
  { engine = 'auto', precision = 'auto', provider = 'cpu' }: EngineChoices,
  open: () => Promise<OneDnnLibrary> = openLibrary,
): Promise<OneDnnConfig | undefined> {
  if (engine === 'onnxruntime') {
    const asked = precision === 'bfloat16' ? precision : undefined;
    refuseChoices(
      { precision: asked },
      'onnxruntime computes in float32 alone: choose the engine onednn, or leave it out',
    );
    return undefined;
  }
  const needed = engine === 'onednn' || precision === 'bfloat16';
  if (provider !== 'cpu') {
    refuseChoices(
      { engine: needed ? 'onednn' : undefined },
      `oneDNN computes on the cpu, and the provider is ${provider}`,
    );
    return undefined;
  }
  try {
    const library = await open();
    return needed || library.instructions.vectors ? configOf(library, precision) : undefined;
  } catch (error) {
    if (needed || !(error instanceof EngineError)) throw error;
    return undefined;
  }
}

/**
 * The engine of a run of the preset `auto` where none was chosen. Such a run is features of pictures and closed forms, at which
 * oneDNN is not faster everywhere: it is taken where it is measured to be, with the network that the run begins with.
 */
export async function engineOfFeatures({ config, trunk }: TrainingPlan): Promise<EngineChoice> {
  if (trunk === undefined) return 'onnxruntime';
  const { threads, provider } = config.engine;
  if (provider !== 'cpu') return 'onnxruntime';
  const graph = featuresGraph(config, featureRows, trunk);
  const faster = await oneDnnIsFaster({ graph, lengths: new Map() }, { threads, name: 'features' });
  return faster ? 'onednn' : 'onnxruntime';
}

/**
 * oneDNN for a run that goes on: the same precision, by the library that is here now.
 *
 * @throws TrainingError if the run was started with oneDNN, which cannot be had any more, and why.
 */
export async function engineAgain(
  started: OneDnnConfig,
  folder: string,
  open: () => Promise<OneDnnLibrary> = openLibrary,
): Promise<OneDnnConfig> {
  try {
    return configOf(await open(), started.precision);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new TrainingError(
      `the run in '${folder}' was started with oneDNN ${started.version} and cannot go on with another engine: ${error.message}`,
      { cause: error },
    );
  }
}

/** What is to be said where a run goes on by another oneDNN than before; undefined where it is the same. */
export function otherOneDnn(started: OneDnnConfig, now: OneDnnConfig): string | undefined {
  const [before, here] = [started, now].map(
    ({ version, threads, instructions }) => `oneDNN ${version} (${threads}, ${instructions})`,
  );
  if (before === here) return undefined;
  return `the run was started with ${before}, here is ${here}: it goes on, but not bit for bit as it would have there`;
}

function configOf({ version, threads, instructions }: OneDnnLibrary, asked: PrecisionChoice): OneDnnConfig {
  return { version, threads, instructions: instructions.name, precision: asked === 'auto' ? 'float32' : asked };
}
