import type { Engine } from '../../../engines/engine.ts';
import { inFixedBatches, tableOfRows } from '../../../engines/fixed-batches.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import { advance, type LongWork } from '../../../foundation/progress/progress.ts';
import { tensor } from '../../../graph/tensor/tensor.ts';
import type { PixelCache } from '../../../pictures/preparation/pixel-cache.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import { featuresGraph } from '../../../training/step/network-graphs.ts';

/** Pictures that go through the backbone at once. */
const rowsAtOnce = 8;

/**
 * What a backbone makes of pictures with the weights of its file, whichever of them a run learns: the means over the places of its
 * cut, [places, F].
 *
 * @param pixels the pictures, prepared in the size that the backbone takes.
 * @throws as the engine does; an AbortError if it was aborted.
 */
export async function untouchedFeatures(
  engine: Engine,
  trunk: Trunk,
  pixels: PixelCache,
  places: readonly number[],
  watched: LongWork = {},
): Promise<EmbeddingTable> {
  const { width, height } = pixels.rule;
  const graph = featuresGraph({ network: { width, height } }, rowsAtOnce, asItComes(trunk));
  const dimension = Number(graph.outputs.get('features')!.shape[1]);
  const program = await engine.compile(graph, { name: 'untouched features' });
  let done = 0;
  try {
    const batches = inFixedBatches(places, rowsAtOnce, async (batch) => {
      const image = tensor('uint8', [rowsAtOnce, height, width, 3], await pixels.batch(batch));
      const { features } = await program.run({ image });
      done = Math.min(places.length, done + rowsAtOnce);
      advance(watched, { work: 'features of the untouched backbone', unit: 'images', done, total: places.length });
      return features;
    });
    return { data: await tableOfRows(batches, places.length, dimension), dimension };
  } finally {
    await program.release();
  }
}

/** The trunk with nothing learnt and nothing added. */
function asItComes(trunk: Trunk): Trunk {
  const { pooling: _pooling, unit: _unit, contours: _contours, ...config } = trunk.config;
  return { ...trunk, config, learnt: [] };
}
