import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { type SpatialAttributes, spatialAttributes } from '../../../graph/shape-inference/spatial.ts';
import { staticShape } from '../../../graph/tensor/shape.ts';
import { algorithm, argument, query } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { inner } from './elementwise.ts';
import { type Window, windowOf } from './window.ts';

/** A pool: what it takes of a window, and how the window moves. */
interface Pool {
  readonly kind: number;
  readonly window: Window;
  readonly image: readonly number[];
  readonly result: readonly number[];
}

const shapeOf = (value: Value): readonly number[] => staticShape(value.shape, `'${value.name}' in oneDNN`);

/** MaxPool, AveragePool and GlobalAveragePool. */
export function lowerPool(plan: PlanBuilder, node: OperatorNode): void {
  const [x] = node.inputs;
  const [y] = node.outputs;
  const pool = poolOf(node.op, node.attributes as Partial<OperatorAttributes<'MaxPool'>>, shapeOf(x!), shapeOf(y));
  const { image, description } = plan.inSomeLayout(x!, inner(plan, x!), ({ layout }) => forward(plan, pool, layout));
  const workspace = workspaceOf(plan, pool, description);
  if (pool.kind === algorithm.maxPooling) plan.workspaces.set(y, { image, description, workspace });
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.result, plan.resultOf(y, plan.compute, plan.wanted(description, query.result))],
    [argument.workspace, workspace],
  ]);
}

/** dX of a max-pool from dY, by what the forward pass noted of where the largest elements are. */
export function lowerMaxPoolGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [x, y, dy] = node.inputs;
  const [dx] = node.outputs;
  const attributes = node.attributes as Partial<OperatorAttributes<'MaxPool'>>;
  const pool = poolOf('MaxPool', attributes, shapeOf(x!), shapeOf(y!));
  const { image, description, workspace } = plan.workspaces.get(y!) ?? again(plan, node, pool, x!);
  backward(plan, node.name, pool, { hint: description, workspace, layout: image.layout, dy: dy!, dx });
}

/** dX of a mean over windows from dY. */
export function lowerAveragePoolGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [dy] = node.inputs;
  const [dx] = node.outputs;
  const op = node.op === 'GlobalAveragePoolGradient' ? 'GlobalAveragePool' : 'AveragePool';
  const attributes = node.attributes as Partial<OperatorAttributes<'MaxPool'>>;
  const pool = poolOf(op, attributes, shapeOf(dx), shapeOf(dy!));
  const layout = plan.sameFormat(inner(plan, dy!), pool.image);
  const hint = forward(plan, pool, layout);
  backward(plan, node.name, pool, { hint, workspace: undefined, layout, dy: dy!, dx });
}

interface Backward {
  readonly hint: Pointer;
  readonly workspace: Datum | undefined;
  readonly layout: Pointer;
  readonly dy: Value;
  readonly dx: Value;
}

function backward(plan: PlanBuilder, name: string, pool: Pool, { hint, workspace, layout, dy, dx }: Backward): void {
  const { objects, compute } = plan;
  const gradient = plan.as(dy, plan.wanted(hint, query.result), compute);
  const description = objects.description('pooling_backward', [
    pool.kind,
    layout,
    gradient.layout,
    ...moves(pool.window),
    hint,
  ]);
  plan.add(name, description, [
    [argument.resultGradient, gradient],
    [argument.workspace, workspace],
    [argument.sourceGradient, plan.resultOf(dx, compute, layout)],
  ]);
}

const moves = ({ strides, kernel, dilations, before, behind }: Window) =>
  [strides, kernel, dilations, before, behind] as const;

/** The forward pass once more, for a program that has only its results. */
function again(plan: PlanBuilder, node: OperatorNode, pool: Pool, x: Value) {
  const { image, description } = plan.inSomeLayout(x, inner(plan, x), ({ layout }) => forward(plan, pool, layout));
  const workspace = workspaceOf(plan, pool, description);
  const result = plan.fresh(pool.result, plan.compute, plan.wanted(description, query.result));
  plan.add(`${node.name}.again`, description, [
    [argument.source, image],
    [argument.result, result],
    [argument.workspace, workspace],
  ]);
  return { image, description, workspace };
}

function workspaceOf(plan: PlanBuilder, { result }: Pool, description: Pointer): Datum | undefined {
  const found = plan.objects.optional(description, query.workspace);
  return found && plan.fresh(result, 'uint8', found.layout);
}

function forward(plan: PlanBuilder, { kind, window, result }: Pool, image: Pointer): Pointer {
  const values = [plan.forward, kind, image, plan.any(result, plan.compute), ...moves(window)] as const;
  return plan.objects.description('pooling_forward', values);
}

function poolOf(
  op: string,
  attributes: Partial<OperatorAttributes<'MaxPool'>>,
  image: readonly number[],
  result: readonly number[],
): Pool {
  const lengths = image.slice(2);
  const spatial = op === 'GlobalAveragePool' ? whole(lengths) : poolWindow(attributes, lengths.length);
  const window = windowOf(spatial, lengths, result.slice(2));
  const kind = op === 'MaxPool' ? algorithm.maxPooling : algorithm.averageExcludingPads;
  return { kind, window, image, result };
}

/** One window over everything. */
function whole(lengths: readonly number[]): SpatialAttributes {
  const [ones, none] = [lengths.map(() => 1), lengths.map(() => 0)];
  return { kernelShape: lengths, strides: ones, padsBegin: none, padsEnd: none, dilations: ones };
}

function poolWindow(attributes: Partial<OperatorAttributes<'MaxPool'>>, rank: number): SpatialAttributes {
  const { kernelShape = [], strides = [], pads = [], dilations = [] } = attributes;
  return spatialAttributes({ kernelShape, strides, pads, dilations }, rank);
}
