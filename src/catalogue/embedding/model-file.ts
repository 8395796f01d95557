import { createHash } from 'node:crypto';
import type { Engine } from '../../engines/engine.ts';
import type { Precision } from '../../engines/onednn/onednn-settings.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { Calibration } from '../../evaluation/calibration/calibration.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { lookalikeVersion } from '../../foundation/lookalike-version.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { importDecoded } from '../../graph/import/import-model.ts';
import type { DecodedModel } from '../../graph/onnx/decode-model.ts';
import { readModelBytes } from './model-bytes.ts';
import { decodeModelFile, encodeModelFile, metadataOfModelFile, setMetadata } from './model-encoding.ts';
import type { ModelDescription, ModelMetadata } from './model-metadata.ts';

/** Which model it is, and what its file says of it. */
export interface ModelIdentity {
  readonly path: string;
  /** SHA-256 of the file, hexadecimal: two files with one id are the same model. */
  readonly id: string;
  readonly metadata: ModelMetadata;
  /** What it is computed in, where it is loaded. Default: float32. */
  readonly precision?: Precision;
}

/** A model file that has been read: an ONNX file that says how its input is made and what it was trained on. */
export interface ModelFile extends ModelIdentity {
  readonly bytes: Uint8Array;
  /** The same as plain objects, whose tensors are views on the bytes. */
  readonly decoded: DecodedModel;
}

/** What a model file is written with. */
export interface WriteModelOptions {
  /** What the test pictures are embedded with. Default: onnxruntime, made for the purpose. */
  readonly engine?: Engine;
}

/**
 * Writes a graph as a model file, atomically: the whole artefact, in one ONNX file. Three test pictures are embedded and
 * go into the file with what is told of it. The graph gets the metadata properties, too, in place of what it says of the
 * model it was made of: properties of others stay.
 *
 * @param graph input `image`, uint8, [N, height, width, 3], RGB; output `embedding`, float32, [N, dimension], rows of unit
 * length. Batch and picture size may be named rather than known.
 * @returns the metadata as written.
 * @throws if the graph's input or output is another, if an embedding is not of unit length, or if the file cannot be
 * written.
 */
export async function writeModel(
  path: string,
  graph: Graph,
  description: ModelDescription,
  options: WriteModelOptions = {},
): Promise<ModelMetadata> {
  const engine = options.engine ?? (await OnnxruntimeEngine.create());
  try {
    const { name, version } = lookalikeVersion();
    const made = { engine, createdBy: `${name} ${version}`, name: path };
    const { bytes, metadata } = await encodeModelFile(graph, description, made);
    await writeAtomically(path, bytes);
    return metadata;
  } finally {
    if (options.engine === undefined) await engine.close();
  }
}

/**
 * Writes what was measured of a model into its file, atomically; everything else in it stays. The file becomes another model
 * by its id, so stores are to be filled with it afterwards.
 *
 * @throws as `readModel` does, and if the file cannot be written.
 */
export async function recordEvaluation(path: string, evaluation: ModelMetadata['evaluation']): Promise<void> {
  await recordMetadata(path, { evaluation });
}

/**
 * Writes a calibration into a model's file in place of the one in it, as `recordEvaluation` writes an evaluation.
 *
 * @param output where the model with it goes. Default: the file itself.
 */
export async function recordCalibration(path: string, calibration: Calibration, output = path): Promise<void> {
  await recordMetadata(path, { calibration }, output);
}

async function recordMetadata(path: string, found: Partial<ModelMetadata>, output = path): Promise<void> {
  const { decoded, metadata } = await readModel(path);
  const graph = importDecoded(decoded);
  setMetadata(graph, { ...metadata, ...found });
  await writeAtomically(output, exportModel(graph));
}

/**
 * Reads a model file. The graph in it is not looked at yet; see `loadModel`.
 *
 * @throws if the file cannot be read, is not ONNX, or is not a model of ours, naming it and what to do.
 */
export async function readModel(path: string): Promise<ModelFile> {
  const bytes = await readModelBytes(path);
  try {
    const decoded = decodeModelFile(bytes);
    const metadata = metadataOfModelFile(decoded);
    return { path, id: createHash('sha256').update(bytes).digest('hex'), bytes, decoded, metadata };
  } catch (error) {
    throw new ModelError(`cannot use '${path}' as a model: ${(error as Error).message}`, { cause: error });
  }
}
