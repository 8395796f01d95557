import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { Value } from '../../graph/builder/graph.ts';
import { add, lengthOf, mul, slice } from '../../graph/builder/operations.ts';
import type { LossParameters, LossValues, RankingLoss } from './loss.ts';

/**
 * The mean of a loss over the parts of an embedding: each part is ranked by itself, as if it were the embedding, and so learns
 * to be right without leaning on the others. Their errors then differ, and together they are right more often.
 *
 * Shapes: embedding [B, D] of unit length, made of `parts` vectors of D / parts numbers and equal lengths. Active: the mean of
 * the parts' shares. What the loss learns itself, it learns for each part, under the names `part1.…`, `part2.…`. One part is
 * the loss as it is.
 * Source: Opitz et al. 2017, "BIER: Boosting Independent Embeddings Robustly", without its boosting.
 *
 * @throws if the loss has a memory, which keeps whole embeddings, and there is more than one part.
 */
export function rankParts(loss: RankingLoss, parts: number): RankingLoss {
  if (parts === 1) return loss;
  if (loss.memoryRows > 0) {
    throw new TrainingError(
      `a cross-batch memory keeps whole embeddings, but choices.hog ranks the ${parts} parts of one by themselves: leave one of them out`,
    );
  }
  return {
    ...loss,
    build(embedding, parameters) {
      const length = lengthOf(embedding, 1) / parts;
      const values = Array.from({ length: parts }, (_, part) => {
        const own = slice(embedding, [{ axis: 1, start: part * length, end: (part + 1) * length }]);
        return loss.build(mul(own, Math.sqrt(parts)), parametersOf(`part${part + 1}`, parameters));
      });
      const mean = (which: keyof LossValues): Value =>
        mul(
          values.map((value) => value[which]).reduce((sum, value) => add(sum, value)),
          1 / parts,
        );
      return { loss: mean('loss'), activeShare: mean('activeShare') };
    },
  };
}

function parametersOf(part: string, parameters: LossParameters): LossParameters {
  return {
    parameter: (name, ...rest) => parameters.parameter(`${part}.${name}`, ...rest),
  };
}
