import { type OptionRules, objectWith, oneOf, optional } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import { geluForm } from '../builder/gelu-form.ts';
import type { Node, OperatorNode, Value } from '../builder/graph.ts';
import { filledLike } from '../builder/match-shape.ts';
import { add } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import { unbroadcast } from '../builder/unbroadcast.ts';
import { unfoldGradient } from '../lowering/unfold-gradient.ts';
import type { GradientOperatorName, OperatorName } from '../operators/operator.ts';
import { isFloating } from '../tensor/element-type.ts';
import { formatShape, sameShape } from '../tensor/shape.ts';
import type { DifferentiatedUnfolded, Gradient, GradientRule, NotDifferentiable } from './gradient-rule.ts';
import { gradientTable } from './gradient-table.ts';

/** How `backward` works. */
export interface BackwardOptions {
  /** Gradient to start with, of the loss's type and shape. Default: 1, for which the loss must be a scalar. */
  readonly seed?: Value;
  /** What the gradient by a value is that the loss does not depend on: an `error` (default) or `zero`. */
  readonly unreached?: 'error' | 'zero';
}

const backwardRules: OptionRules<BackwardOptions> = {
  seed: optional(objectWith('a value of the graph', [])),
  unreached: optional(oneOf(['error', 'zero'])),
};

/**
 * Reverse-mode differentiation: appends the nodes that compute the gradient of `loss` by each value of `wrt` to the loss's
 * graph, and returns those gradients in order.
 *
 * The nodes between `wrt` and `loss` are walked from the loss back. Each operator's rule turns the gradient by its outputs
 * into gradients by its inputs; a value that is used several times gets the sum; what was broadcast is summed back. Only
 * paths that lead to `wrt` get nodes. `wrt` may hold values in the middle of the graph, also of one another.
 *
 * Integers, truth values and everything computed through them have no gradient: it stops there without an error. Sign, Floor
 * and Ceil have gradient zero. The new nodes are ordinary nodes: gradients can be differentiated again.
 *
 * Source: Baydin, Pearlmutter, Radul, Siskind 2018, "Automatic Differentiation in Machine Learning", section 3.2.
 *
 * @returns a gradient of the type and shape of each value of `wrt`.
 * @throws if the loss is no scalar and has no seed, the seed does not fit, a value of `wrt` is not floating-point, of another
 * graph or not reached, or a gradient is needed through an operator that has none or that is not of our set; the message names
 * the node, its operator and the reason.
 */
export function backward(loss: Value, wrt: readonly Value[], options: BackwardOptions = {}): Value[] {
  checkOptions(options, backwardRules);
  const { unreached = 'error' } = options;
  for (const value of wrt) checkTarget(value, loss);
  const seed = checkedSeed(loss, options.seed);
  const path = pathBetween([loss], wrt, loss.graph.nodes);
  const gradients = carriedBack(path.values.has(loss) ? [[loss, seed()]] : [], path);
  return wrt.map((value) => {
    if (!path.values.has(value) && unreached === 'error') {
      throw new GraphError(
        `the loss '${loss.name}' does not depend on '${value.name}', so it has no gradient by it; leave it out, or ask for ` +
          "zero with unreached: 'zero'",
      );
    }
    return gradients.get(value) ?? filledLike(value, 0);
  });
}

/** The gradient that has reached each value so far, as a list of parts until somebody asks for their sum. */
class GradientSums {
  readonly #parts = new Map<Value, Value[]>();

  has(value: Value): boolean {
    return this.#parts.has(value);
  }

  add(value: Value, part: Value): void {
    const parts = this.#parts.get(value);
    if (parts === undefined) this.#parts.set(value, [part]);
    else parts.push(part);
  }

  get(value: Value): Value | undefined {
    const parts = this.#parts.get(value);
    if (parts === undefined) return undefined;
    const sum = parts.length > 2 ? value.graph.apply('Sum', parts, {})[0] : parts.reduce((a, b) => add(a, b));
    this.#parts.set(value, [sum]);
    return sum;
  }
}

/** What lies between some values and results that depend on them. */
interface Path {
  /** In the graph's order. */
  readonly nodes: readonly Node[];
  readonly values: ReadonlySet<Value>;
  /** Where it ends. */
  readonly ends: ReadonlySet<Value>;
}

/** The values that some of `wrt` leads to and that lead to the results, and those of `among` that are between them. */
function pathBetween(results: readonly Value[], wrt: readonly Value[], among: readonly Node[]): Path {
  const forward = new Set(wrt);
  const reachable = among.filter((node) => {
    if (!node.inputs.some((input) => input !== undefined && forward.has(input))) return false;
    for (const output of node.outputs) if (isFloating(output.type)) forward.add(output);
    return true;
  });
  const values = new Set(results.filter((result) => forward.has(result)));
  const nodes = reachable.toReversed().filter((node) => {
    if (!node.outputs.some((output) => values.has(output))) return false;
    for (const input of node.inputs) if (input !== undefined && forward.has(input)) values.add(input);
    return true;
  });
  return { nodes: nodes.reverse(), values, ends: new Set(wrt) };
}

/** Walks a path from its results, whose gradients are given, back to all of its values. */
function carriedBack(seeds: readonly (readonly [Value, Value])[], path: Path): GradientSums {
  const gradients = new GradientSums();
  for (const [result, seed] of seeds) gradients.add(result, seed);
  for (const node of path.nodes.toReversed()) {
    if (!node.outputs.some((output) => gradients.has(output))) continue;
    if (throughGelu(node, gradients, path)) continue;
    const rule = explaining(node, () => gradientsThrough(node, gradients));
    for (const [place, input] of node.inputs.entries()) {
      const gradient = rule[place];
      if (input === undefined || gradient === undefined || !path.values.has(input)) continue;
      explaining(node, () => gradients.add(input, unbroadcast(gradient(), input.shape)));
    }
  }
  return gradients;
}

/**
 * A Gelu that is written down as the nodes of its formula is gone through at once. True if a node is the last of one: what its
 * inner nodes get from elsewhere is theirs, and nobody asks for the gradient by one of them.
 */
function throughGelu({ op, outputs: [y] }: Node, gradients: GradientSums, { values, ends }: Path): boolean {
  const form = op === 'Mul' ? geluForm(y) : undefined;
  if (form === undefined || !values.has(form.x) || form.within.some((value) => ends.has(value))) return false;
  const { x, approximate } = form;
  gradients.add(x, y.graph.apply('GeluGradient', [gradients.get(y), x, y], { approximate })[0]);
  return true;
}

function gradientsThrough(node: Node, gradients: GradientSums): readonly (Gradient | undefined)[] {
  if (node.kind === 'opaque')
    throw new GraphError('the operator is not one of ours: it can be run but not trained through');
  return applyRule(node, gradients);
}

function applyRule<Op extends OperatorName>(
  node: OperatorNode<Op>,
  sums: GradientSums,
): readonly (Gradient | undefined)[] {
  const rule: GradientRule<Op> | NotDifferentiable | DifferentiatedUnfolded = gradientTable[node.op];
  if (typeof rule === 'object') {
    if ('reason' in rule) throw new GraphError(rule.reason);
    return throughUnfolded(node as OperatorNode<GradientOperatorName>, sums);
  }
  const gradients = node.outputs.map((output) => sums.get(output));
  return rule({
    // The graph checked the inputs against the operator's schema when the node was made.
    inputs: node.inputs as OperatorInputs<Op>,
    outputs: node.outputs,
    attributes: node.attributes,
    dY: gradients[0] ?? filledLike(node.outputs[0], 0),
    gradients,
  });
}

/**
 * The gradient of a gradient operator is that of the nodes it unfolds into, walked by themselves: what leads from one of its
 * inputs to another is not of the operator.
 */
function throughUnfolded(
  { op, inputs, outputs, attributes }: OperatorNode<GradientOperatorName>,
  sums: GradientSums,
): readonly (Gradient | undefined)[] {
  const { graph } = outputs[0];
  const before = graph.nodes.length;
  const unfolded = unfoldGradient(op, inputs, attributes).slice(0, outputs.length);
  const nodes = graph.nodes.slice(before);
  const seeds = unfolded.flatMap((value, place) => {
    const gradient = sums.get(outputs[place]);
    return gradient === undefined ? [] : [[value, gradient] as const];
  });
  const results = seeds.map(([value]) => value);
  return inputs.map((input, place) => {
    if (input === undefined || inputs.indexOf(input) < place) return undefined;
    return () => carriedBack(seeds, pathBetween(results, [input], nodes)).get(input) ?? filledLike(input, 0);
  });
}

function checkTarget(value: Value, loss: Value): void {
  if (value.graph !== loss.graph) throw new GraphError(`'${value.name}' is a value of another graph than the loss's`);
  if (!isFloating(value.type)) {
    throw new GraphError(`'${value.name}' is ${value.type}: only floating-point values have a gradient`);
  }
}

function checkedSeed(loss: Value, seed: Value | undefined): () => Value {
  if (!isFloating(loss.type))
    throw new GraphError(`the loss '${loss.name}' is ${loss.type}, but must be floating-point`);
  if (seed !== undefined) {
    if (seed.graph === loss.graph && seed.type === loss.type && sameShape(seed.shape, loss.shape)) return () => seed;
    throw new GraphError(
      `the seed '${seed.name}' is ${seed.type}${formatShape(seed.shape)}, but must be a value of the loss's graph and like the ` +
        `loss '${loss.name}', ${loss.type}${formatShape(loss.shape)}`,
    );
  }
  if (loss.shape.length === 0) return () => filledLike(loss, 1);
  throw new GraphError(
    `the loss '${loss.name}' must be a scalar, but has shape ${formatShape(loss.shape)}: reduce it, or give a seed of its shape`,
  );
}

function explaining<T>(node: Node, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new GraphError(`no gradient through node '${node.name}' (${node.op}): ${(error as Error).message}`, {
      cause: error,
    });
  }
}
