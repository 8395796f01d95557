import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { sameShape, sizeOf } from '../../../graph/tensor/shape.ts';
import { algorithm, postOperand } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { PostOperation } from '../library/onednn-objects.ts';
import type { Datum } from '../plan/datum.ts';
import { isReference } from '../plan/kernel-refusal.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { type Activation, activationOf } from './activation.ts';

/** Operators of two tensors of one shape, or of a tensor and a single number. */
export const binaryAlgorithms: Readonly<Record<string, number>> = {
  Add: algorithm.add,
  Div: algorithm.divide,
  Mul: algorithm.multiply,
  Sub: algorithm.subtract,
};

/** True of operators whose operands may change places. */
const commutes = (op: string): boolean => op === 'Add' || op === 'Mul';

/** What is done to each element of a tensor: a function, or an operation with another tensor. */
type Link = Activation | { readonly kind: number; readonly operand: Value };

/** Elementwise nodes one after the other, each the only reader of the one before. */
export interface Chain {
  /** What the last of them makes. */
  readonly made: Value;
  readonly nodes: readonly OperatorNode[];
  readonly links: readonly Link[];
}

/** A primitive that does a chain, too. */
export interface ChainedPrimitive {
  readonly description: Pointer;
  readonly chain: Chain;
  /** What the chain adds to the primitive's arguments. */
  readonly operands: readonly (readonly [argument: number, datum: Datum])[];
}

/**
 * Describes a primitive that makes a value, and with it the elementwise nodes behind that whose other operands are there already, so
 * that memory is gone over once; without them where oneDNN has but plain loops for all of it.
 *
 * @param like what the result is like.
 */
export function describeChain(
  plan: PlanBuilder,
  value: Value,
  like: Datum,
  describe: (attributes: Pointer) => Pointer,
): ChainedPrimitive {
  const { objects } = plan;
  const chain = chainBehind(plan, value);
  if (chain.nodes.length > 0) {
    const { operations, operands } = postOperations(plan, chain, like);
    const description = describe(objects.attributes(operations));
    if (!isReference(objects.implementation(description))) return { description, chain, operands };
  }
  return { description: describe(objects.plainAttributes), chain: { made: value, nodes: [], links: [] }, operands: [] };
}

function chainBehind(plan: PlanBuilder, value: Value): Chain {
  const nodes: OperatorNode[] = [];
  const links: Link[] = [];
  let made = value;
  for (;;) {
    const reader = plan.onlyReader(made);
    const behind = reader && linksOf(plan, reader, made);
    if (reader === undefined || behind === undefined) return { made, nodes, links };
    nodes.push(reader);
    links.push(...behind);
    [made] = reader.outputs;
  }
}

/** What a node does to one of its operands; undefined where a primitive cannot do it behind another. */
function linksOf(plan: PlanBuilder, node: OperatorNode, to: Value): Link[] | undefined {
  const activation = activationOf(node);
  if (activation !== undefined) return [activation];
  const kind = binaryAlgorithms[node.op];
  if (kind === undefined) return undefined;
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  const operand = a === to ? b : a;
  if (operand === to || !plan.isThere(operand) || !sameShape(to.shape, node.outputs[0].shape)) return undefined;
  if (a === to || commutes(node.op)) return [{ kind, operand }];
  // A - X is -X + A, to the last bit; A / X is nothing that a primitive does to X.
  return node.op === 'Sub'
    ? [
        { kind: algorithm.linear, alpha: -1, beta: 0 },
        { kind: algorithm.add, operand },
      ]
    : undefined;
}

/** The links of a chain as post-operations of a primitive whose result is like a tensor, and the arguments that they add. */
function postOperations(plan: PlanBuilder, { links }: Chain, like: Datum) {
  const operations: PostOperation[] = [];
  const operands: [argument: number, datum: Datum][] = [];
  for (const [place, link] of links.entries()) {
    if (!('operand' in link)) {
      operations.push(link);
      continue;
    }
    const operand = operandLike(plan, link.operand, like);
    operations.push({ kind: link.kind, operand: operand.layout });
    operands.push([postOperand(place), operand]);
  }
  return { operations, operands };
}

/** An operand in the layout of another; a number, or what is repeated along some axes, row-major in float32, with as many axes. */
export function operandLike(plan: PlanBuilder, value: Value, { shape, layout, type }: Datum): Datum {
  if (sameShape(value.shape, shape)) return plan.as(value, layout, type);
  const plain = plan.asPlain(value);
  const own = value.shape.map(Number);
  const axes = [...new Array<number>(shape.length - own.length).fill(1), ...own];
  return plan.view(plain, axes, plan.plain(axes, plain.type));
}

/** True of a tensor of one element. */
export const isNumber = ({ shape }: Value): boolean => shape.every((length) => length === 1);

/** The operands of a node of `binaryAlgorithms`, of two that may change places the larger first. */
export function operandsOf({ op, inputs, outputs: [c] }: OperatorNode): readonly [Value, Value] {
  const [a, b] = [inputs[0]!, inputs[1]!];
  return commutes(op) && !sameShape(a.shape, c.shape) && sameShape(b.shape, c.shape) ? [b, a] : [a, b];
}

/** True where the first operand has the shape of the result: the second has it, too, or is repeated along some axes. */
export function isByElement(node: OperatorNode): boolean {
  const [a, b] = operandsOf(node);
  return sameShape(a.shape, node.outputs[0].shape) && b.shape.length <= a.shape.length;
}

/** True where both operands have one shape, or the second is a single number. */
export function isLoop(node: OperatorNode): boolean {
  const [a, b] = operandsOf(node);
  return a.shape.join() === b.shape.join() || (isNumber(b) && sizeOf(a.shape.map(Number)) > 0);
}
