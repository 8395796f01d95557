import { UsageError } from '../../foundation/errors/usage-error.ts';
import { withLengths } from '../../graph/builder/with-lengths.ts';
import type { Engine, Program } from '../engine.ts';
import type { OneDnnEngine } from '../onednn/onednn-engine.ts';
import type { Precision } from '../onednn/onednn-settings.ts';
import { OnnxruntimeEngine } from '../onnxruntime/onnxruntime-engine.ts';
import type { WorkerEngine } from '../worker/worker-engine.ts';
import type { WorkerEngineSettings } from '../worker/worker-settings.ts';
import type { EmbeddingEngine, EmbeddingPrecision } from './engine-names.ts';
import type { SizedGraph } from './sized-graph.ts';
import { speedRatio } from './speed-ratio.ts';
import { zeroFeeds } from './zero-feeds.ts';

/** What an engine is chosen by. */
export interface EngineWish {
  readonly engine: EmbeddingEngine;
  readonly precision: EmbeddingPrecision;
  readonly threads: number;
  /** Runs it in a thread of its own, so that a run does not block the caller's. */
  readonly ownThread: boolean;
  /** Names the program in errors. */
  readonly name: string;
}

/** A graph on the engine that was chosen for it. */
export interface ChosenProgram {
  readonly program: Program;
  /** To be closed when the program is not needed any more. */
  readonly engine: Engine;
  /** What results are computed in. */
  readonly precision: Precision;
  /** What is to be said of the choice; undefined where there was none to make. */
  readonly remark: string | undefined;
}

/** oneDNN is chosen unasked where it is so many times as fast as onnxruntime: less may be the moment's noise. */
export const clearlyFaster = 1.1;

/**
 * Prepares a graph on an engine. `auto` is onnxruntime where oneDNN's library is not here or the processor lacks AVX2; else
 * both run the graph, and oneDNN is taken where it is at least 1.1 times as fast.
 *
 * @throws EngineError if the engine that is asked for cannot be had; UsageError if the precision does not go with it.
 */
export async function programOnEngine(sized: SizedGraph, wish: EngineWish): Promise<ChosenProgram> {
  const { engine, precision } = wish;
  if (precision === 'bfloat16' && (engine === 'onnxruntime' || engine === 'webgpu')) {
    throw new UsageError(`${engine} computes in float32 alone: choose the engine onednn, or leave it out`, {
      path: 'precision',
      expected: "'float32' with this engine",
      value: precision,
    });
  }
  if (engine === 'onednn' || precision === 'bfloat16') return onOneDnn(sized, wish, '');
  if (engine === 'webgpu') return onWebGpu(sized, wish);
  const refused = (error: unknown) => (error as Error).message;
  const ratio = engine === 'auto' ? await measured(sized, wish).catch(refused) : undefined;
  if (ratio === undefined) return onOnnxruntime(sized, wish, undefined);
  if (typeof ratio === 'string') {
    return onOnnxruntime(sized, wish, `computed by onnxruntime, for oneDNN refuses this model: ${ratio}`);
  }
  const times = (value: number) => `${value.toFixed(1)} times as fast`;
  if (ratio >= clearlyFaster) return onOneDnn(sized, wish, `, ${times(ratio)} as onnxruntime with this model`);
  const slower = ratio < 1 / clearlyFaster ? times(1 / ratio) : 'as fast';
  return onOnnxruntime(sized, wish, `computed by onnxruntime, ${slower} as oneDNN with this model`);
}

async function onOnnxruntime({ graph, file }: SizedGraph, wish: EngineWish, remark: string | undefined) {
  return prepared(await opened(wish, {}), { graph, ...(file && { file }) }, wish, () => remark);
}

async function onWebGpu({ graph }: SizedGraph, wish: EngineWish): Promise<ChosenProgram> {
  const { requireDevice } = await import('../require-device.ts');
  const { cpuOperators } = await import('../webgpu/cpu-operators.ts');
  const engine = await opened(wish, { providers: ['webgpu', 'cpu'] });
  try {
    await requireDevice(engine, 'webgpu');
  } catch (error) {
    await engine.close();
    throw error;
  }
  const operators = cpuOperators(graph);
  const elsewhere = operators.length === 0 ? '' : `, but on the CPU where it has no kernel: ${operators.join(', ')}`;
  return prepared(engine, { graph }, wish, () => `computed on WebGPU${elsewhere}`);
}

async function onOneDnn({ graph, lengths }: SizedGraph, wish: EngineWish, because: string): Promise<ChosenProgram> {
  const precision = wish.precision === 'bfloat16' ? 'bfloat16' : 'float32';
  const engine = await opened(wish, { onednn: { precision } });
  return prepared(engine, { graph: withLengths(graph, lengths) }, wish, ({ placement }) => {
    const { share = 0, elsewhere = [] } = placement ?? {};
    const rest = elsewhere.length === 0 ? '' : ` (${elsewhere.join(', ')})`;
    if (share === 0) return `computed by onnxruntime: oneDNN has nothing of this model${rest}`;
    const most = share > 0.999 ? '' : `; ${Math.floor(100 * share)}% of its arithmetic, the rest by onnxruntime${rest}`;
    return `computed by ${engine.description}${because}${most}`;
  });
}

async function opened(
  { threads, ownThread }: EngineWish,
  { onednn, ...others }: Omit<WorkerEngineSettings, 'threads'>,
): Promise<OnnxruntimeEngine | OneDnnEngine | WorkerEngine> {
  if (ownThread) {
    const { WorkerEngine: Started } = await import('../worker/worker-engine.ts');
    return Started.create({ threads, ...others, ...(onednn && { onednn }) });
  }
  if (onednn === undefined) return OnnxruntimeEngine.create({ threads, ...others });
  const { OneDnnEngine: Started } = await import('../onednn/onednn-engine.ts');
  return Started.create({ threads, ...onednn });
}

async function prepared(
  engine: Awaited<ReturnType<typeof opened>>,
  { graph, file }: Pick<SizedGraph, 'graph' | 'file'>,
  { name }: EngineWish,
  remarkOn: (program: Program) => string | undefined,
): Promise<ChosenProgram> {
  try {
    const outputs = [...graph.outputs].map(([output, { type, shape }]) => ({ name: output, type, shape }));
    const program = await (file === undefined
      ? engine.compile(graph, { name })
      : engine.load(file, graph.inputs, outputs, { name }));
    const { precision: has = 'float32' }: Engine = engine;
    const precision = (program.placement?.share ?? 0) > 0 ? has : 'float32';
    return { program, engine, precision, remark: remarkOn(program) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** True where oneDNN is here, computes something of a graph, and is measured to be clearly faster at it than onnxruntime. */
export async function oneDnnIsFaster(sized: SizedGraph, wish: Pick<EngineWish, 'threads' | 'name'>): Promise<boolean> {
  const ratio = await measured(sized, { ...wish, engine: 'auto', precision: 'float32', ownThread: false });
  return ratio !== undefined && ratio >= clearlyFaster;
}

/** How many times as fast oneDNN is as onnxruntime; undefined where it cannot be had or computes nothing of the graph. */
async function measured(sized: SizedGraph, wish: EngineWish): Promise<number | undefined> {
  const { fastLibraryHere } = await import('../onednn/library/fast-library-here.ts');
  if (!(await fastLibraryHere())) return undefined;
  const { fewRows } = await import('./few-rows.ts');
  const few = fewRows(sized);
  const here = { ...wish, ownThread: false, precision: 'float32' } as const;
  const theirs = await onOneDnn(few, here, '');
  try {
    if ((theirs.program.placement?.share ?? 0) === 0) return undefined;
    const ours = await onOnnxruntime(few, here, undefined);
    try {
      return await speedRatio(ours.program, theirs.program, () => zeroFeeds(few));
    } finally {
      await ours.engine.close();
    }
  } finally {
    await theirs.engine.close();
  }
}
