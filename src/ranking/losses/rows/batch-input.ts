import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Graph, Value } from '../../../graph/builder/graph.ts';
import type { ElementType } from '../../../graph/tensor/element-type.ts';
import type { StaticShape } from '../../../graph/tensor/shape.ts';

/**
 * An input of the graph that says something of the batch. A graph has each once, however many losses ask for it: those of
 * the parts of an embedding are fed the same.
 *
 * @throws if the graph has an input of that name but of another type or shape.
 */
export function batchInput(graph: Graph, name: string, type: ElementType, shape: StaticShape): Value {
  const known = graph.inputs.find((input) => input.name === name);
  if (known === undefined) return graph.input(name, type, shape);
  if (known.type === type && String(known.shape) === String(shape)) return known;
  throw new TrainingError(
    `losses in one graph want different inputs '${name}': ${known.type}[${known.shape}] and ${type}[${shape}]`,
  );
}
