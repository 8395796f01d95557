import { Graph, type Value } from '../../graph/builder/graph.ts';
import { mul } from '../../graph/builder/operations.ts';
import { sizeOf } from '../../graph/tensor/shape.ts';
import type { ParameterSpec } from '../../ranking/networks/network-scope.ts';
import { clipFactor, globalNorm } from '../../ranking/optimizers/clip-by-global-norm.ts';
import type { Optimizer, StepScalars } from '../../ranking/optimizers/optimizer.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { gradientOf } from './network-graphs.ts';

/** Name of an optimiser's state for a parameter: the input that carries it, and the checkpoint's name for it. */
export const stateOf = (state: string, parameter: string) => `${state}:${parameter}`;
/** Name of the output that carries a parameter's or a state's successor. */
export const successorOf = (name: string) => `next:${name}`;

/** What gradients are multiplied by, where their norm is limited; see `updateGraphs`. */
const gradientFactor = 'gradient_factor';

type Clipping = Partial<Pick<TrainingConfig, 'clipNorm'>>;

/**
 * The optimiser's update of every parameter, to run after the gradients are there. Inputs: parameters, `gradient:<name>`,
 * `<state>:<name>`, and the scalars `learning_rate` and `step`. Outputs: `next:` of parameters and states, and
 * `gradient_norm`, the global norm before clipping. Every successor may be written over what it succeeds.
 */
export function updateGraph(
  parameters: readonly ParameterSpec[],
  optimizer: Optimizer,
  { clipNorm = null }: Clipping = {},
): Graph {
  const graph = new Graph();
  const scalars = stepScalars(graph);
  const gradients = parameters.map(({ name, shape }) => graph.input(gradientOf(name), 'float32', shape));
  const norm = globalNorm(gradients);
  graph.output('gradient_norm', norm);
  const factor = clipNorm === null ? undefined : clipFactor(norm, clipNorm);
  for (const [place, parameter] of parameters.entries()) {
    addSuccessors(graph, parameter, gradients[place], factor, optimizer, scalars);
  }
  return graph;
}

/**
 * The same update as graphs to run one after the other: the norm of all gradients with, where it is limited, `gradient_factor`,
 * which is an input of those that come after; then parameters in groups, each of whose successors take at most `mostBytes`, or which
 * is one parameter. What a program gives is copied by onnxruntime's binding, so that of one program for all of a large network
 * every weight and state is there once more.
 *
 * @returns `updateGraph` alone, where all successors together take at most `mostBytes`.
 */
export function updateGraphs(
  parameters: readonly ParameterSpec[],
  optimizer: Optimizer,
  { clipNorm = null }: Clipping = {},
  mostBytes = 2 ** 26,
): Graph[] {
  const groups = groupsOf(parameters, 1 + optimizer.stateNames.length, mostBytes);
  if (groups.length <= 1) return [updateGraph(parameters, optimizer, { clipNorm })];
  const graph = new Graph();
  const norm = globalNorm(parameters.map(({ name, shape }) => graph.input(gradientOf(name), 'float32', shape)));
  graph.output('gradient_norm', norm);
  if (clipNorm !== null) graph.output(gradientFactor, clipFactor(norm, clipNorm));
  return [graph, ...groups.map((group) => groupUpdate(group, optimizer, clipNorm !== null))];
}

function groupUpdate(group: readonly ParameterSpec[], optimizer: Optimizer, isClipped: boolean): Graph {
  const graph = new Graph();
  const scalars = stepScalars(graph);
  const factor = isClipped ? graph.input(gradientFactor, 'float32', []) : undefined;
  for (const parameter of group) {
    const gradient = graph.input(gradientOf(parameter.name), 'float32', parameter.shape);
    addSuccessors(graph, parameter, gradient, factor, optimizer, scalars);
  }
  return graph;
}

/** Parameters in their order, cut where the successors of the next one, `copies` of its size, would not go into `mostBytes`. */
function groupsOf(parameters: readonly ParameterSpec[], copies: number, mostBytes: number): ParameterSpec[][] {
  const groups: ParameterSpec[][] = [];
  let free = 0;
  for (const parameter of parameters) {
    const bytes = 4 * copies * sizeOf(parameter.shape);
    if (groups.length === 0 || bytes > free) {
      groups.push([]);
      free = mostBytes;
    }
    groups[groups.length - 1].push(parameter);
    free -= bytes;
  }
  return groups;
}

function stepScalars(graph: Graph): StepScalars {
  return { learningRate: graph.input('learning_rate', 'float32', []), step: graph.input('step', 'float32', []) };
}

function addSuccessors(
  graph: Graph,
  { name, shape, decays, rate = 1 }: ParameterSpec,
  raw: Value,
  factor: Value | undefined,
  optimizer: Optimizer,
  { learningRate, step }: StepScalars,
): void {
  const gradient = factor === undefined ? raw : mul(raw, factor);
  const weight = graph.input(name, 'float32', shape);
  const state = optimizer.stateNames.map((stateName) => graph.input(stateOf(stateName, name), 'float32', shape));
  const own = rate === 1 ? learningRate : mul(learningRate, rate);
  const updated = optimizer.update({ weight, gradient, state, decays }, { learningRate: own, step });
  graph.output(successorOf(name), updated.weight);
  for (const [place, stateName] of optimizer.stateNames.entries()) {
    graph.output(successorOf(stateOf(stateName, name)), updated.state[place]);
  }
}
