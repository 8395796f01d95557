import { oneDnnRatio, precisionRatio, worthRounding } from '../../../engines/choosing/precision-ratio.ts';
import { clearlyFaster, oneDnnIsFaster } from '../../../engines/choosing/program-on-engine.ts';
import { requireBfloat16 } from '../../../engines/onednn/library/instruction-set.ts';
import { type OneDnnLibrary, openLibrary } from '../../../engines/onednn/library/open-library.ts';
import { workOf } from '../../../engines/onednn/partition/suited-nodes.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Graph } from '../../../graph/builder/graph.ts';
import { neededParts } from '../../../graph/export/needed.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import type { EngineChoice, PrecisionChoice } from '../../../training/configuration/engine-choices.ts';
import { refuseChoices } from '../../../training/configuration/refuse-choices.ts';
import { rowsOf } from '../../../training/configuration/step/batch-config.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { featureRows } from '../../../training/features/frozen-features.ts';
import type { TrainingPlan } from '../../../training/planning/plan-training.ts';
import { backwardSliceGraph, featuresGraph } from '../../../training/step/network-graphs.ts';

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
 * and the processor has AVX2, without which it is no faster, and float32, until `measuredOneDnn` has looked.
 *
 * @param open opens the library. Default: as `openLibrary` does.
 * @throws EngineError if oneDNN is asked for and cannot be had, or bfloat16 on a processor without its arithmetic; UsageError
 * if choices do not go together.
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
    if (precision === 'bfloat16') requireBfloat16(library.instructions);
    return needed || library.instructions.vectors ? configOf(library, precision) : undefined;
  } catch (error) {
    if (needed || !(error instanceof EngineError)) throw error;
    return undefined;
  }
}

/** Rows that both precisions are measured with, at the least, and the floating-point operations that more of them may come to. */
const [fewestRows, enoughWork] = [4, 4e11];

/** How speeds are measured, of a graph and on so many threads; see `precisionRatio` and `oneDnnRatio`. */
export interface MeasuredSpeeds {
  readonly precision: (graph: Graph, threads: number) => Promise<number | undefined>;
  readonly engine: (graph: Graph, threads: number) => Promise<number | undefined>;
}

/**
 * oneDNN as a new run has it where somebody left something open: bfloat16 where the gradients of its network are measured to be
 * at least 1.2 times as fast in it, on this processor. A network of an ONNX file stays in float32, for what bfloat16 does to the
 * quality of those was not measured; where it is learnt, oneDNN is taken from 1.1 times as fast as onnxruntime, else undefined.
 */
export async function measuredOneDnn(
  onednn: OneDnnConfig,
  { engine = 'auto', precision = 'auto' }: EngineChoices,
  { config, trunk }: Pick<TrainingPlan, 'config' | 'trunk'>,
  measure: MeasuredSpeeds = { precision: precisionRatio, engine: oneDnnRatio },
): Promise<OneDnnConfig | undefined> {
  const { threads } = config.engine;
  if (trunk !== undefined) {
    if (engine !== 'auto' || precision === 'bfloat16' || trunk.config.cached) return onednn;
    const ratio = await measure.engine(someGradients(config, trunk), threads);
    return ratio !== undefined && ratio >= clearlyFaster ? onednn : undefined;
  }
  if (precision !== 'auto') return onednn;
  const ratio = await measure.precision(someGradients(config, trunk), threads);
  if (ratio === undefined) return onednn;
  const timesAsFast = Math.round(100 * ratio) / 100;
  return { ...onednn, precision: ratio >= worthRounding ? 'bfloat16' : 'float32', timesAsFast };
}

/** The gradients of a run's network, with as many rows as take a second or so. */
function someGradients(config: TrainingConfig, trunk: Trunk | undefined): Graph {
  const gradients = (rows: number) => backwardSliceGraph(config, rows, trunk).graph;
  const work = neededParts(gradients(1)).nodes.reduce(
    (sum, node) => sum + (node.kind === 'operator' ? workOf(node) : 0),
    0,
  );
  return gradients(Math.min(rowsOf(config.batch), Math.max(fewestRows, Math.floor(enoughWork / work))));
}

/**
 * Whether oneDNN is taken for a run of the preset `auto` where nobody chose. Such a run is features of pictures and closed forms,
 * at which oneDNN is not faster everywhere: it is taken where it is measured to be, with the network that the run begins with.
 */
export async function featuresAreFaster({ config, trunk }: TrainingPlan): Promise<boolean> {
  if (trunk === undefined) return false;
  const graph = featuresGraph(config, featureRows, trunk);
  return oneDnnIsFaster({ graph, lengths: new Map() }, { threads: config.engine.threads, name: 'features' });
}

/**
 * oneDNN for a run that goes on: the same precision, by the library that is here now.
 *
 * @throws TrainingError if the run was started with oneDNN, which cannot be had any more, or in bfloat16, which this processor
 * does not compute in.
 */
export async function engineAgain(
  started: OneDnnConfig,
  folder: string,
  open: () => Promise<OneDnnLibrary> = openLibrary,
): Promise<OneDnnConfig> {
  try {
    const library = await open();
    const { name, bfloat16 } = library.instructions;
    if (bfloat16 || started.precision !== 'bfloat16') return configOf(library, started.precision);
    throw new TrainingError(
      `the run in '${folder}' was started in bfloat16, and this processor (${name}) does not compute in it: go on where it was started, or start a new run in float32`,
    );
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
