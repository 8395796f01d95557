import { RandomSource } from '../../foundation/random/random-source.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { MaskSpec } from '../../ranking/networks/network-scope.ts';

/**
 * Dropout masks of one step by their names, [rows, ...]: an element is kept with the probability `keep` and then `1 / keep`, else 0,
 * so that what is masked keeps its mean and the network needs no scale where nothing is dropped. Drawn from the seed and the step's
 * number, each mask from a stream of its own name.
 *
 * Source: Srivastava et al. 2014, section 10 ("inverted" dropout).
 */
export function dropoutMasks(
  specs: readonly MaskSpec[],
  rows: number,
  seed: number,
  step: number,
): Record<string, Tensor> {
  const masks: Record<string, Tensor> = {};
  for (const { name, shape, keep } of specs) {
    const random = RandomSource.fromSeed(seed, `mask ${name} ${step}`);
    const mask = tensor('float32', [rows, ...shape.slice(1)]);
    for (let place = 0; place < mask.data.length; place++) mask.data[place] = random.uniform() < keep ? 1 / keep : 0;
    masks[name] = mask;
  }
  return masks;
}
