import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { float32, toNumbers } from '../../graph/tensor/tensor.ts';
import { openForeignNetwork } from '../../ranking/backbones/foreign-network.ts';
import { cutTrunk, type Trunk } from '../../ranking/backbones/trunk.ts';
import { trunkFeatures } from '../../ranking/backbones/trunk-features.ts';
import { InferenceScope } from '../../ranking/networks/network-scope.ts';

/** How far features may be apart, as a share of the largest: kernels differ with the number of rows. */
const tolerance = 1e-3;

/**
 * Runs a trunk of a file that was exported for a fixed number of pictures B, and whose batch axis was opened, on B + 1 pictures of
 * noise at once, and the file as it is on the first B and on the last B of them. A trunk of any other file passes as it is.
 *
 * @throws if the features differ: then the file mixes pictures, or its shapes were opened in the wrong place.
 */
export async function checkOpenedBatch(bytes: Uint8Array, trunk: Trunk): Promise<void> {
  const { exportedRows: rows, width, height, layout } = trunk.network;
  if (rows === undefined) return;
  const closed = openForeignNetwork(bytes, { size: { width, height }, layout, keepBatch: true });
  const cut = closed.graph.nodes.flatMap(({ outputs }) => outputs).find(({ name }) => name === trunk.cut.name);
  if (cut === undefined) throw new ModelError(`'${trunk.cut.name}' is computed only with another number of pictures`);
  const alone = cutTrunk(closed, { cut, frozen: 'all' }, trunk.config);
  const size = 3 * width * height;
  const random = RandomSource.fromSeed(1);
  const noise = Float32Array.from({ length: (rows + 1) * size }, () => random.uniform());
  const engine = await OnnxruntimeEngine.create({ threads: 1 });
  try {
    const together = await featuresOf(engine, { ...trunk, learnt: [] }, noise, rows + 1);
    const first = await featuresOf(engine, alone, noise.subarray(0, rows * size), rows);
    const last = await featuresOf(engine, alone, noise.subarray(size), rows);
    const length = together.length / (rows + 1);
    const largest = Math.max(...first.map(Math.abs), ...last.map(Math.abs));
    const off = (found: readonly number[], wanted: readonly number[]) =>
      found.some((value, place) => !(Math.abs(value - wanted[place]) <= tolerance * largest));
    if (off(together.slice(0, rows * length), first) || off(together.slice(length), last)) {
      throw new ModelError(
        `it was exported for ${rows === 1 ? 'one picture' : `${rows} pictures`} at a time, and gives something else for more of them: export it with an open batch axis (dynamic_shapes or dynamic_axes of torch.onnx.export), or cut earlier`,
      );
    }
  } finally {
    await engine.close();
  }
}

async function featuresOf(engine: Engine, trunk: Trunk, pictures: Float32Array, rows: number): Promise<number[]> {
  const graph = new Graph();
  const shape = [rows, 3, trunk.network.height, trunk.network.width];
  const image = graph.input('image', 'float32', shape);
  graph.output('features', trunkFeatures(new InferenceScope(graph, new Map()), image, trunk));
  const program = await engine.compile(graph, { name: 'opened batch' });
  try {
    const { features } = await program.run({ image: float32(shape, pictures) });
    return toNumbers(features);
  } finally {
    await program.release();
  }
}
