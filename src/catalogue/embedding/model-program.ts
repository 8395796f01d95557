import { availableParallelism } from 'node:os';
import { type ChosenProgram, programOnEngine } from '../../engines/choosing/program-on-engine.ts';
import type { SizedGraph } from '../../engines/choosing/sized-graph.ts';
import type { Engine, Program } from '../../engines/engine.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { withLengths } from '../../graph/builder/with-lengths.ts';
import { imageInput } from './fixed-batches.ts';
import type { LoadModelOptions } from './load-model-options.ts';
import { graphOfModelFile } from './model-encoding.ts';
import type { ModelFile } from './model-file.ts';
import type { ModelMetadata } from './model-metadata.ts';

/** A model on an engine. */
export interface ModelProgram extends Pick<ChosenProgram, 'precision' | 'remark'> {
  readonly program: Program;
  /** The engine, where it was opened for the model. */
  readonly owned: Engine | undefined;
}

/**
 * Prepares a model on the engine that is chosen for it, or given.
 *
 * @throws ModelError if the graph is none of a model; as `programOnEngine` does where the engine cannot be had.
 */
export async function programOf(file: ModelFile, options: LoadModelOptions): Promise<ModelProgram> {
  const { path, metadata } = file;
  const { precision = 'auto', threads = availableParallelism(), ownThread = false } = options;
  const { engine = precision === 'bfloat16' ? 'onednn' : 'onnxruntime' } = options;
  const graph = checkedGraph(file);
  const sized = { graph, lengths: new Map(lengthsOf(graph, metadata)), file: file.bytes };
  if (typeof engine !== 'string') return onGiven(engine, sized, path, precision);
  const wish = { engine, precision, threads, ownThread, name: path };
  // That an engine is not here says nothing of the model.
  if (engine !== 'onnxruntime' || precision === 'bfloat16') return own(await programOnEngine(sized, wish));
  return own(
    await programOnEngine(sized, wish).catch((error: unknown) => {
      throw unusable(path, error);
    }),
  );
}

/** The error of a file that is no model of ours. */
export function unusable(path: string, error: unknown): ModelError {
  return new ModelError(`cannot use '${path}' as a model: ${(error as Error).message}`, { cause: error });
}

const own = ({ engine, ...chosen }: ChosenProgram): ModelProgram => ({ ...chosen, owned: engine });

/** On an engine that the caller has: as it is, with the lengths of a batch where the engine needs them. */
async function onGiven(
  engine: Engine,
  { graph, lengths }: SizedGraph,
  path: string,
  asked: NonNullable<LoadModelOptions['precision']>,
): Promise<ModelProgram> {
  const { precision: has = 'float32', needsLengths = false } = engine;
  if (asked === 'bfloat16' && has !== asked) {
    throw new UsageError(`the engine that was given computes in ${has}: make it with the precision bfloat16`, {
      path: 'options.precision',
      expected: `'${has}' or 'auto'`,
      value: asked,
    });
  }
  // An engine of another precision gives a graph with named lengths to onnxruntime, which computes in float32.
  const sized = needsLengths && (asked === 'auto' || asked === has);
  try {
    const program = await engine.compile(sized ? withLengths(graph, lengths) : graph, { name: path });
    const precision = (program.placement?.share ?? 0) > 0 ? has : 'float32';
    return { program, precision, owned: undefined, remark: undefined };
  } catch (error) {
    throw unusable(path, error);
  }
}

function checkedGraph({ path, decoded, metadata }: ModelFile): Graph {
  try {
    return graphOfModelFile(decoded, metadata);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** How long the named axes of a model's input are, as it is fed: see `embedInFixedBatches`. */
function lengthsOf(graph: Graph, { embeddingBatch, preprocessing }: ModelMetadata): [name: string, length: number][] {
  const { shape } = graph.inputs.find(({ name }) => name === imageInput)!;
  const fed = [embeddingBatch, preprocessing.height, preprocessing.width, 3];
  return shape.flatMap((length, axis) => (typeof length === 'string' ? [[length, fed[axis]] as [string, number]] : []));
}
