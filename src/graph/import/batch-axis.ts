import type { Node, Value } from '../builder/graph.ts';
import type { OperatorName } from '../operators/operator.ts';
import { reshapedShape } from '../shape-inference/reshape.ts';
import type { ValueType } from '../shape-inference/rule.ts';
import { isFloating } from '../tensor/element-type.ts';
import { lengthOfProduct, productOf } from '../tensor/length-product.ts';
import { type Dimension, isStatic, type Shape, sizeOf } from '../tensor/shape.ts';
import { int64Vector } from '../tensor/tensor.ts';
import type { Element } from './element-rules.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';
import { withInput } from './upgrades/foreign-node.ts';

/** The batch axis of a file that was exported for a fixed number of pictures, and is read as if it were open. */
export interface OpenedBatch {
  /** The input whose first axis it is. */
  readonly input: string;
  /** How many pictures the file was exported for. */
  readonly rows: number;
  /** What the axis is called now. */
  readonly name: string;
}

/** Operators that broadcast their operands. */
const elementwise: ReadonlySet<string> = new Set(['Add', 'Div', 'Mul', 'Sub']);

const reshaping: ReadonlySet<string> = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze']);

/**
 * Follows an opened batch axis through a file and opens it where the file has its number: in the targets of Reshapes, in the types
 * of foreign operators, and in what is joined to the pictures' tensors.
 *
 * An element of a tensor that has the batch belongs to picture `floor(place / inner) % N`; what lies before the batch, `outer`, stays
 * the same in a Reshape, so that few axes of its target can hold the batch; see `batchAxisOf`.
 */
export class BatchAxis {
  readonly #batch: OpenedBatch;
  /** What lies before the batch inside of its axis, where that is not 1. */
  readonly #outerInAxis = new Map<Value, number>();

  constructor(batch: OpenedBatch) {
    this.#batch = batch;
  }

  /** The node with the batch open in what it says of shapes; itself where it says nothing of it. */
  opened(node: ForeignNode & { readonly op: OperatorName }, target: readonly Element[] | undefined): ForeignNode {
    if (node.op === 'Reshape') return this.#openedReshape(node, target) ?? node;
    if (node.op === 'Concat') return this.#openedConcat(node);
    return elementwise.has(node.op) ? this.#openedOperand(node) : node;
  }

  /** The type of a foreign operator's output as the file has it, with the batch open. */
  openedType({ type, shape }: ValueType): ValueType {
    const carries = isFloating(type) && shape.length >= 2 && shape[0] === this.#batch.rows;
    return carries ? { type, shape: [this.#batch.name, ...shape.slice(1)] } : { type, shape };
  }

  /** True if the value has the batch axis. */
  carries({ shape }: Value): boolean {
    return this.#axisIn(shape) >= 0;
  }

  /** Follows a node that has just been added. */
  follow(node: Node): void {
    const source = node.inputs.find((input) => input !== undefined && this.carries(input));
    if (source === undefined) return;
    for (const output of node.outputs) {
      const axis = this.#axisIn(output.shape);
      if (axis < 0) continue;
      const outer = reshaping.has(node.op)
        ? this.#outer(source)! / numberOf(output.shape.slice(0, axis))
        : (this.#outerInAxis.get(source) ?? 1);
      if (outer !== 1) this.#outerInAxis.set(output, outer);
    }
  }

  #openedReshape(node: ForeignNode, target: readonly Element[] | undefined): ForeignNode | undefined {
    const [data] = node.inputs;
    const numbers = target?.filter((length) => typeof length === 'number');
    if (data === undefined || !this.carries(data) || numbers === undefined || numbers.length !== target?.length) {
      return undefined;
    }
    const outer = this.#outer(data);
    const { rows, name } = this.#batch;
    const closed = data.shape.map((length) => this.#closedLength(length));
    if (outer === undefined || !isStatic(closed)) return undefined;
    const allowZero = (node.attributes.get('allowzero')?.i ?? 0n) !== 0n;
    const shape = closedTarget(closed, numbers, allowZero);
    if (shape === undefined || shape.includes(0)) return undefined;
    const axis = batchAxisOf(shape, outer, rows);
    if (axis === undefined) return undefined;
    // The batch's axis is whatever is left, so -1; what stands elsewhere is known.
    const opened = shape.map((length, each) => (each === axis ? -1 : length));
    const asked = reshapedShape(data.shape, opened, true)[axis];
    const wanted = lengthOfProduct({ factor: shape[axis] / rows, names: [name] });
    if (asked !== wanted) return undefined;
    return withInput(node, 1, data.graph.constant(int64Vector(opened), node.inputs[1]?.name));
  }

  /** Where something that the file has once is joined to tensors of the one picture, it is repeated for each. */
  #openedConcat(node: ForeignNode): ForeignNode {
    const carrier = node.inputs.find((input) => input !== undefined && this.#axisIn(input.shape) === 0);
    const axis = Number(node.attributes.get('axis')?.i ?? 0n);
    if (carrier === undefined || this.#batch.rows !== 1 || axis === 0 || axis === -carrier.shape.length) return node;
    return node.inputs.reduce((changed, input, index) => {
      if (input === undefined || this.carries(input) || input.shape[0] !== 1 || !isStatic(input.shape)) return changed;
      return withInput(changed, index, repeated(input, carrier));
    }, node);
  }

  /** What the file has for each part of the one picture, such as a mask for each window, is repeated for each picture. */
  #openedOperand(node: ForeignNode): ForeignNode {
    const carrier = node.inputs.find((input) => input !== undefined && this.#axisIn(input.shape) === 0);
    if (carrier === undefined || this.#batch.rows !== 1 || this.#outerInAxis.has(carrier)) return node;
    const [axis, ...inside] = carrier.shape;
    const parts = this.#closedLength(axis);
    if (parts === 1 || !isStatic([parts]) || !isStatic(inside)) return node;
    return node.inputs.reduce((changed, input, index) => {
      const each = input !== undefined && !this.carries(input) && input.shape.length === carrier.shape.length;
      if (!each || input.shape[0] !== parts || !isStatic(input.shape)) return changed;
      return withInput(changed, index, repeatedParts(input, carrier, inside));
    }, node);
  }

  #axisIn(shape: Shape): number {
    return shape.findIndex((length) => productOf(length).names.includes(this.#batch.name));
  }

  #closedLength(length: Dimension): Dimension {
    const { factor, names } = productOf(length);
    const others = names.filter((name) => name !== this.#batch.name);
    return lengthOfProduct({ factor: factor * this.#batch.rows ** (names.length - others.length), names: others });
  }

  /** Elements before the batch: lengths of the axes before its own, times what lies before it inside of that. */
  #outer(value: Value): number | undefined {
    const before = value.shape.slice(0, this.#axisIn(value.shape));
    return isStatic(before) ? sizeOf(before) * (this.#outerInAxis.get(value) ?? 1) : undefined;
  }
}

/**
 * The axis of a Reshape's target, written for `rows` pictures, that holds the batch, `outer` elements lying before it. Where
 * lengths of 1 leave more than one, it is that of length `rows`, which was written for the batch; else one that begins with the
 * batch, as heads are merged into it; the last axis, which is the features', only where nothing else is left.
 */
function batchAxisOf(shape: readonly number[], outer: number, rows: number): number | undefined {
  const before = (axis: number) => sizeOf(shape.slice(0, axis));
  const last = shape.length - 1;
  const axes = [...shape.keys()].filter(
    (axis) => outer % before(axis) === 0 && shape[axis] % ((outer / before(axis)) * rows) === 0,
  );
  const begins = axes.filter((axis) => before(axis) === outer);
  return (
    begins.find((axis) => shape[axis] === rows) ??
    begins.find((axis) => axis !== last) ??
    axes.find((axis) => axis !== last) ??
    axes[0]
  );
}

/** The shape that the file means, for as many pictures as it was exported for; undefined if it means none. */
function closedTarget(shape: readonly number[], target: readonly number[], allowZero: boolean): number[] | undefined {
  try {
    const closed = reshapedShape(shape, target, allowZero);
    return isStatic(closed) ? [...closed] : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(lengths: Shape): number {
  return isStatic(lengths) ? sizeOf(lengths) : Number.NaN;
}

/** [parts, ...] repeated for each picture of `carrier` [parts * N, inside ...], whose pictures follow each other. */
function repeatedParts(value: Value, carrier: Value, inside: readonly number[]): Value {
  const reshaped = (from: Value, shape: readonly number[], name: string) => {
    const target = from.graph.constant(int64Vector(shape), `${name}.lengths`);
    return from.graph.apply('Reshape', [from, target], { allowzero: 0 }, { name })[0];
  };
  const [parts, ...own] = value.shape.map(Number);
  const apart = reshaped(carrier, [-1, parts, ...inside], `${value.name}.pictures`);
  const once = reshaped(value, [1, parts, ...own], `${value.name}.once`);
  return reshaped(repeated(once, apart), [-1, ...own], `${value.name}.all`);
}

/** [1, ...] repeated for each picture of `carrier`, as exporters write it for an open batch: an Expand whose shape is computed. */
function repeated(value: Value, carrier: Value): Value {
  const { graph, name } = value;
  const [length] = graph.apply('Shape', [carrier], { start: 0, end: 1 }, { name: `${name}.rows` });
  const rest = graph.constant(int64Vector(value.shape.slice(1).map(Number)), `${name}.lengths`);
  const [shape] = graph.apply('Concat', [length, rest], { axis: 0 }, { name: `${name}.shape` });
  const type: ValueType = { type: value.type, shape: [carrier.shape[0], ...value.shape.slice(1)] };
  const node = { op: 'Expand', domain: '', inputs: [value, shape], attributes: [], name: `${name}.repeated` };
  return graph.applyOpaque(node, [type])[0];
}
