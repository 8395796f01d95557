import type { OperatorNode, Value } from '../builder/graph.ts';
import { constantOf } from '../builder/value.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { isFloating, newElementArray } from '../tensor/element-type.ts';
import type { Dimension } from '../tensor/shape.ts';
import { isStatic, sizeOf } from '../tensor/shape.ts';
import { type Tensor, tensor, toNumbers } from '../tensor/tensor.ts';
import { type Element, elementRules, matrixOperators } from './element-rules.ts';

/** Longer values than this are not shapes, and are not followed. */
const longest = 64;

/**
 * What is known of short values (shapes, axes, scales) while a graph is read: files compute them with small chains of Shape,
 * Gather, Concat and arithmetic, of which the lengths of named axes may be a part. Matrices are followed where they are on
 * the way from one vector to another, as PyTorch turns the order of pads round.
 */
export class KnownElements {
  readonly #known = new Map<Value, readonly Element[]>();

  /** The elements of a scalar or vector of at most 64 elements, or undefined. A bool is 0 or 1. */
  of(value: Value): readonly Element[] | undefined {
    if (!isShort(value)) return undefined;
    return this.#elementsOf(value);
  }

  #elementsOf(value: Value): readonly Element[] | undefined {
    const constant = constantOf(value);
    return constant === undefined ? this.#known.get(value) : toNumbers(constant);
  }

  /** Follows a node that has just been added. */
  learn(node: OperatorNode): void {
    const [output] = node.outputs;
    const rule = elementRules[node.op];
    const axes = matrixOperators.has(node.op) ? 2 : 1;
    if (rule === undefined || output === undefined || !isShort(output, axes)) return;
    const inputs = node.inputs.map((input) => (input && isShort(input, axes) ? this.#elementsOf(input) : undefined));
    const elements = rule(node, inputs);
    if (elements?.length === sizeOf(output.shape)) this.#known.set(output, elements);
  }

  /** The value itself if it is a constant, a constant with the same elements if all are known numbers, or undefined. */
  asConstant(value: Value): Value | undefined {
    if (value.origin.kind === 'constant') return value;
    const elements = this.#known.get(value);
    const made = elements && tensorOf(value.type, value.shape, elements);
    return made && value.graph.constant(made, value.name);
  }
}

function isShort(value: Value, axes = 1): value is Value & { readonly shape: readonly number[] } {
  return value.shape.length <= axes && isStatic(value.shape) && sizeOf(value.shape) <= longest;
}

function tensorOf(type: ElementType, shape: readonly Dimension[], elements: readonly Element[]): Tensor | undefined {
  const numbers = elements.filter((element) => typeof element === 'number');
  const exact = isFloating(type) || numbers.every(Number.isSafeInteger);
  if (!isStatic(shape) || numbers.length < elements.length || !exact) return undefined;
  if (type === 'int64') return tensor(type, shape, BigInt64Array.from(numbers, BigInt));
  const data = newElementArray(type, numbers.length);
  data.set(numbers);
  return tensor(type, shape, data) as Tensor;
}
