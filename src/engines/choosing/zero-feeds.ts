import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { SizedGraph } from './sized-graph.ts';

/** Inputs of zeros: how long a network takes does not depend on what it is given. */
export function zeroFeeds({ graph, lengths }: SizedGraph): Record<string, Tensor> {
  const sized = (shape: readonly (number | string)[]) =>
    shape.map((length) => Number(lengths.get(String(length)) ?? length));
  return Object.fromEntries(graph.inputs.map(({ name, type, shape }) => [name, tensor(type, sized(shape)) as Tensor]));
}
