import type { RandomSource } from '../../foundation/random/random-source.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';

/** Makes the first values of a parameter. */
export type Initializer = (shape: StaticShape, random: RandomSource) => Float32Array;

/** Inputs of one output element: all axes of a weight [out, in, ...] but the first. */
const fanIn = (shape: StaticShape): number => sizeOf(shape) / shape[0];

/**
 * Normal with variance 2 / fan-in, for layers followed by a ReLU. Shapes: weight [out, in, ...].
 *
 * Source: He et al. 2015, "Delving Deep into Rectifiers", eq. 10.
 */
export const heNormal: Initializer = (shape, random) => {
  const deviation = Math.sqrt(2 / fanIn(shape));
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal());
};

/**
 * Uniform over +-sqrt(6 / (fan-in + fan-out)), for layers without a ReLU. Shapes: weight [out, in].
 *
 * Source: Glorot and Bengio 2010, eq. 16.
 */
export const xavierUniform: Initializer = (shape, random) => {
  const bound = Math.sqrt(6 / (fanIn(shape) + shape[0]));
  return Float32Array.from({ length: sizeOf(shape) }, () => random.between(-bound, bound));
};

/** Every element the same. */
export const filledWith =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);
