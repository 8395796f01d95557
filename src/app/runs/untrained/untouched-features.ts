import type { Engine } from '../../../engines/engine.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import type { LongWork } from '../../../foundation/progress/progress.ts';
import { tensor } from '../../../graph/tensor/tensor.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import type { PixelCache } from '../../../pictures/preparation/pixel-cache.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import { featuresGraph } from '../../../training/step/network-graphs.ts';
import { rowsOfProgram } from '../rows-of-program.ts';

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
  places: readonly ImagePlace[],
  watched: LongWork = {},
): Promise<EmbeddingTable> {
  const { width, height } = pixels.rule;
  const graph = featuresGraph({ network: { width, height } }, rowsAtOnce, asItComes(trunk));
  const untouched = {
    graph,
    name: 'untouched features',
    output: 'features',
    rowsAtOnce,
    work: 'features of the untouched backbone',
    feeds: async (batch: readonly ImagePlace[]) => ({
      image: tensor('uint8', [rowsAtOnce, height, width, 3], await pixels.batch(batch)),
    }),
  };
  return rowsOfProgram(engine, untouched, places, watched);
}

/** The trunk with nothing learnt and nothing added. */
function asItComes(trunk: Trunk): Trunk {
  const { pooling: _pooling, unit: _unit, contours: _contours, colours: _colours, ...others } = trunk.config;
  const { lowResolution: _lowResolution, ...config } = others;
  return { ...trunk, config, learnt: [] };
}
