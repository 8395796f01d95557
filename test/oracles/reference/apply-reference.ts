import type { OperatorName } from '../../../src/graph/operators/operator.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';
import { elementwise } from './elementwise.ts';
import { gradient } from './gradient.ts';
import { linear } from './linear.ts';
import { movement } from './movement.ts';
import { normalization } from './normalization.ts';
import { pool } from './pool.ts';
import { quantization } from './quantization.ts';
import { reduce } from './reduce.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';
import { sampling } from './sampling.ts';

/** The reference implementation of every operator. A total table: an operator without one does not compile. */
export const referenceRules: ReferenceRules = {
  ...elementwise,
  ...gradient,
  ...linear,
  ...movement,
  ...normalization,
  ...pool,
  ...quantization,
  ...reduce,
  ...sampling,
};

/** The outputs of an operator, by its reference implementation. */
export function applyReference<Op extends OperatorName>(context: ReferenceContext<Op>): readonly Tensor[] {
  return referenceRules[context.op](context);
}
