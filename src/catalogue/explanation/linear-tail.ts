import type { Node, Value } from '../../graph/builder/graph.ts';
import { mul, reciprocal, reduceSum, sqrt } from '../../graph/builder/operations.ts';
import type { Replacement } from '../../graph/builder/rewrite-graph.ts';
import { stopGradient } from '../../ranking/losses/rows/stop-gradient.ts';

/** What an embedding is a linear function of, once the lengths that it is divided by are taken as they are. */
export interface LinearTail {
  /** Where it begins: the outputs of paths. */
  readonly leaves: readonly Value[];
  /** The nodes behind them. */
  readonly nodes: ReadonlySet<Node>;
}

/** Operators that are linear in their first input where the others are constants. */
const linearInFirst: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'Mul', 'Div', 'Add', 'Sub', 'Slice', 'Reshape']);
/** Operators that are linear in all inputs. */
const linear: ReadonlySet<string> = new Set(['Concat', 'Identity', 'Flatten', 'LpNormalization']);

/** The linear end of a network: linear layers, joined parts and normalisations between the last nonlinearity and the embedding. */
export function linearTail(embedding: Value): LinearTail {
  const nodes = new Set<Node>();
  const leaves = new Set<Value>();
  const open = [embedding];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const { origin } = value;
    // Weights may be kept in another form than they are used in.
    if (origin.kind === 'constant' || isFixed(value)) continue;
    if (origin.kind === 'input' || !isLinear(origin.node)) leaves.add(value);
    else if (!nodes.has(origin.node)) {
      nodes.add(origin.node);
      open.push(...origin.node.inputs.filter((input) => input !== undefined));
    }
  }
  return { leaves: [...leaves], nodes };
}

function isLinear(node: Node): boolean {
  if (linear.has(node.op)) return true;
  return linearInFirst.has(node.op) && node.inputs.slice(1).every((input) => input === undefined || isFixed(input));
}

/** True of what does not depend on the picture. */
function isFixed({ origin }: Value): boolean {
  if (origin.kind !== 'node') return origin.kind === 'constant';
  return origin.node.inputs.every((input) => input === undefined || isFixed(input));
}

/** Makes the normalisations of a tail divide by the length without a gradient by it: their values stay. */
export const withFixedLengths =
  ({ nodes }: LinearTail): Replacement =>
  (node, [x]) => {
    if (node.op !== 'LpNormalization' || !nodes.has(node) || x === undefined) return undefined;
    return [mul(x, stopGradient(reciprocal(sqrt(reduceSum(mul(x, x), [-1], true)))))];
  };

/**
 * What the part of a network that ends in a leaf is called: by the names of its weights, as model files of ours have them.
 * `convnet`, `path 1`, `contours`, `colours`, or the name of the value.
 */
export function pathName(leaf: Value): string {
  const open = [leaf];
  const seen = new Set<Value>();
  for (let value = open.shift(); value !== undefined; value = open.shift()) {
    if (seen.has(value)) continue;
    seen.add(value);
    const { origin, name } = value;
    if (origin.kind === 'constant') {
      const known = nameOf(name);
      if (known !== undefined) return known;
    } else if (origin.kind === 'node') {
      open.push(...origin.node.inputs.filter((input) => input !== undefined));
    }
  }
  return leaf.name;
}

function nameOf(constant: string): string | undefined {
  if (constant.startsWith('backbone.') || constant.startsWith('trunk')) return 'convnet';
  const [, path] = /^path(\d+)\./.exec(constant) ?? [];
  if (path !== undefined) return `path ${path}`;
  if (constant.startsWith('oriented_gradients')) return 'contours';
  return constant.startsWith('colour_levels') ? 'colours' : undefined;
}
