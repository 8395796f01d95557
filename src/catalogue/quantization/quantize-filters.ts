import { roundHalfToEven } from '../../graph/tensor/round-half-to-even.ts';
import { type Tensor, type TensorOf, tensor } from '../../graph/tensor/tensor.ts';

/** The filters of a layer in whole numbers. */
export interface QuantizedFilters {
  /** The weight's shape: `weight = scales[f] levels[f, ...]`. */
  readonly levels: TensorOf<'int8'>;
  /** One a filter. */
  readonly scales: TensorOf<'float32'>;
  /** `bias = biasScales[f] biasLevels[f]`, in the steps that the sums of products come in. */
  readonly biasLevels: TensorOf<'int32'>;
  /** The input's scale times the filter's. */
  readonly biasScales: TensorOf<'float32'>;
}

/** A bias has at most this many steps, so that a sum of products beside it still fits 32 bits. */
const mostBiasSteps = 2 ** 30;

/**
 * Filters as whole numbers from -`limit` to `limit`, each filter with a scale of its own: its largest weight over `limit`.
 * Where a bias would have too many of a filter's steps to be counted, or a filter is all zeros, the bias decides the scale.
 *
 * @param weight float32 [filters, ...].
 * @param bias float32 [filters]; undefined is zeros.
 * @param inputScale the scale of what the filters are applied to.
 */
export function quantizeFilters(
  weight: Tensor,
  bias: Tensor | undefined,
  inputScale: number,
  limit: number,
): QuantizedFilters {
  const [filters] = weight.shape;
  const size = weight.data.length / filters;
  const levels = tensor('int8', weight.shape);
  const scales = tensor('float32', [filters]);
  const biasLevels = tensor('int32', [filters]);
  const biasScales = tensor('float32', [filters]);
  for (let filter = 0; filter < filters; filter++) {
    let largest = 0;
    for (let i = filter * size; i < (filter + 1) * size; i++)
      largest = Math.max(largest, Math.abs(Number(weight.data[i])));
    const offset = bias === undefined ? 0 : Number(bias.data[filter]);
    const scale = Math.fround(Math.max(largest / limit, Math.abs(offset) / inputScale / mostBiasSteps)) || 1;
    for (let i = filter * size; i < (filter + 1) * size; i++) {
      levels.data[i] = Math.min(Math.max(roundHalfToEven(Number(weight.data[i]) / scale), -limit), limit);
    }
    scales.data[filter] = scale;
    biasScales.data[filter] = inputScale * scale;
    biasLevels.data[filter] = roundHalfToEven(offset / biasScales.data[filter]);
  }
  return { levels, scales, biasLevels, biasScales };
}
