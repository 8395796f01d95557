import type { Engine } from '../../engines/engine.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { importDecoded } from '../../graph/import/import-model.ts';
import { type DecodedModel, decodeModel } from '../../graph/onnx/decode-model.ts';
import { formatShape } from '../../graph/tensor/shape.ts';
import { embeddingOutput, embedInFixedBatches, imageInput } from './fixed-batches.ts';
import { makeGoldens } from './goldens.ts';
import { isOwnProperty, metadataProperties, parseMetadata } from './metadata-properties.ts';
import { type ModelDescription, type ModelMetadata, modelFormat } from './model-metadata.ts';

// The bytes of a model file, made and read without a file: in Node and in a page alike.

/** A model file's bytes, and what they say of the model. */
export interface EncodedModel {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
}

/** What a model file is made with. */
export interface EncodeModelOptions {
  /** What the test pictures are embedded with. */
  readonly engine: Engine;
  /** Package and version that make it: `deep-lookalike 0.1.0`. */
  readonly createdBy: string;
  /** What messages call it. */
  readonly name: string;
}

/**
 * A graph as the bytes of a model file; see `writeModel`.
 *
 * @throws if the graph's input or output is another, or if an embedding is not of unit length.
 */
export async function encodeModelFile(
  graph: Graph,
  description: ModelDescription,
  { engine, createdBy, name }: EncodeModelOptions,
): Promise<EncodedModel> {
  const dimension = checkSignature(graph, description);
  const program = await engine.compile(graph, { name });
  const goldens = await makeGoldens(description.preprocessing, (pixels) =>
    embedInFixedBatches(program, { ...description, dimension }, pixels),
  );
  await program.release();
  const metadata = { ...description, format: modelFormat, createdBy, dimension, goldens } as const;
  setMetadata(graph, metadata);
  return { bytes: exportModel(graph), metadata };
}

/** Gives a graph these properties of ours and no others: what the model it was made of said of itself goes. */
export function setMetadata(graph: Graph, metadata: ModelMetadata): void {
  for (const key of [...graph.metadata.keys()]) if (isOwnProperty(key)) graph.metadata.delete(key);
  for (const [key, value] of metadataProperties(metadata)) graph.metadata.set(key, value);
}

/** What a model file says of the model. @throws ModelError if it is no model of ours, with what to do. */
export function metadataOfModelFile({ metadataProps }: DecodedModel): ModelMetadata {
  return parseMetadata(metadataProps.map(({ key, value }) => [key, value] as const));
}

/**
 * The graph of a model file.
 *
 * @throws ModelError if it is none of a model, or gives embeddings of another length than the file says.
 */
export function graphOfModelFile(decoded: DecodedModel, metadata: ModelMetadata): Graph {
  const graph = importDecoded(decoded);
  const dimension = checkSignature(graph, metadata);
  if (dimension === metadata.dimension) return graph;
  throw new ModelError(
    `its property 'lookalike.dimension' is ${metadata.dimension}, and its graph gives ${dimension} numbers: ` +
      'the file is damaged, fetch or train it again',
  );
}

/** The bytes of a model file as plain objects. @throws ModelError if they are not ONNX, with what to give instead. */
export function decodeModelFile(bytes: Uint8Array): DecodedModel {
  try {
    return decodeModel(bytes);
  } catch (error) {
    throw new ModelError(`${(error as Error).message}: give the model.onnx of a training run`, { cause: error });
  }
}

/**
 * The length of an embedding.
 *
 * @throws if the graph is not one from images, of the size that the preprocessing rule makes, to embeddings.
 */
function checkSignature(
  graph: Graph,
  { preprocessing: { width, height } }: Pick<ModelMetadata, 'preprocessing'>,
): number {
  const [image, ...others] = graph.inputs;
  const sides = [height, width, 3];
  const fits =
    others.length === 0 &&
    image?.name === imageInput &&
    image.type === 'uint8' &&
    image.shape.length === 4 &&
    sides.every((side, axis) => typeof image.shape[axis + 1] === 'string' || image.shape[axis + 1] === side);
  if (!fits) {
    const found = graph.inputs.map(({ name, type, shape }) => `'${name}' ${type}${formatShape(shape)}`).join(', ');
    throw new ModelError(
      `a model takes one input, '${imageInput}' uint8[N, ${height}, ${width}, 3]; this graph takes ${found || 'nothing'}`,
    );
  }
  const embedding = graph.outputs.get(embeddingOutput);
  const dimension = embedding?.shape[1];
  if (embedding?.type !== 'float32' || embedding.shape.length !== 2 || typeof dimension !== 'number') {
    const found = [...graph.outputs]
      .map(([name, { type, shape }]) => `'${name}' ${type}${formatShape(shape)}`)
      .join(', ');
    throw new ModelError(
      `a model gives an output '${embeddingOutput}' float32[N, dimension]; this graph gives ${found || 'nothing'}`,
    );
  }
  return dimension;
}
