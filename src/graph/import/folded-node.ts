import type { Value } from '../builder/graph.ts';
import { intOf } from '../onnx/read-attribute.ts';
import { isStatic, sizeOf } from '../tensor/shape.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { KnownElements } from './known-elements.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';

/**
 * What a node that is not of our set gives, where it reckons with lengths that are all known: remainders and products, by which
 * exporters round lengths up to whole windows. Undefined for anything else.
 */
export function foldedNode(node: ForeignNode, known: KnownElements): Tensor | undefined {
  const [first, second] = node.inputs;
  if (node.domain !== '' || first === undefined || node.outputs.length !== 1) return undefined;
  if (node.op === 'Size') return isStatic(first.shape) ? int64([], [sizeOf(first.shape)]) : undefined;
  const a = numbersOf(first, known);
  if (a === undefined || first.type !== 'int64') return undefined;
  if (node.op === 'ReduceProd') {
    const { keepdims } = Object.fromEntries(node.attributes);
    const shape = keepdims !== undefined && intOf(keepdims, node.what) === 0n ? [] : first.shape.map(() => 1);
    return int64(shape, [a.reduce((product, each) => product * each, 1)]);
  }
  const b = second && numbersOf(second, known);
  const sameShape = second !== undefined && (a.length === 1 || b?.length === 1 || a.length === b?.length);
  const fmod = node.attributes.get('fmod');
  const truncated = fmod !== undefined && intOf(fmod, node.what) !== 0n;
  if (node.op !== 'Mod' || truncated || b === undefined || !sameShape || b.includes(0)) return undefined;
  const shape = first.shape.length >= second.shape.length && a.length >= b.length ? first.shape : second.shape;
  if (!isStatic(shape)) return undefined;
  return int64(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => remainder(a[i % a.length], b[i % b.length])),
  );
}

/** The remainder with the divisor's sign, as ONNX's Mod has it. */
function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function numbersOf(value: Value, known: KnownElements): readonly number[] | undefined {
  const elements = known.of(value);
  const numbers = elements?.filter((element) => typeof element === 'number');
  return numbers !== undefined && numbers.length === elements?.length && numbers.every(Number.isSafeInteger)
    ? numbers
    : undefined;
}

function int64(shape: readonly number[], numbers: readonly number[]): Tensor {
  return tensor(
    'int64',
    shape,
    BigInt64Array.from(numbers, (each) => BigInt(each)),
  );
}
