import { Graph } from '../../graph/builder/graph.ts';
import { mul } from '../../graph/builder/operations.ts';
import type { ParameterSpec } from '../../ranking/networks/network-scope.ts';
import { clipByGlobalNorm, globalNorm } from '../../ranking/optimizers/clip-by-global-norm.ts';
import type { Optimizer } from '../../ranking/optimizers/optimizer.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { gradientOf } from './network-graphs.ts';

/** Name of an optimiser's state for a parameter: the input that carries it, and the checkpoint's name for it. */
export const stateOf = (state: string, parameter: string) => `${state}:${parameter}`;
/** Name of the output that carries a parameter's or a state's successor. */
export const successorOf = (name: string) => `next:${name}`;

/**
 * The optimiser's update of every parameter, to run after the gradients are there. Inputs: parameters, `gradient:<name>`,
 * `<state>:<name>`, and the scalars `learning_rate` and `step`. Outputs: `next:` of parameters and states, and
 * `gradient_norm`, the global norm before clipping. Every successor may be written over what it succeeds.
 */
export function updateGraph(
  parameters: readonly ParameterSpec[],
  optimizer: Optimizer,
  { clipNorm = null }: Partial<Pick<TrainingConfig, 'clipNorm'>> = {},
): Graph {
  const graph = new Graph();
  const learningRate = graph.input('learning_rate', 'float32', []);
  const step = graph.input('step', 'float32', []);
  const raw = parameters.map(({ name, shape }) => graph.input(gradientOf(name), 'float32', shape));
  const norm = globalNorm(raw);
  graph.output('gradient_norm', norm);
  const gradients = clipNorm === null ? raw : clipByGlobalNorm(raw, norm, clipNorm);
  for (const [index, { name, shape, decays, rate = 1 }] of parameters.entries()) {
    const weight = graph.input(name, 'float32', shape);
    const state = optimizer.stateNames.map((stateName) => graph.input(stateOf(stateName, name), 'float32', shape));
    const own = rate === 1 ? learningRate : mul(learningRate, rate);
    const updated = optimizer.update(
      { weight, gradient: gradients[index], state, decays },
      { learningRate: own, step },
    );
    graph.output(successorOf(name), updated.weight);
    for (const [place, stateName] of optimizer.stateNames.entries()) {
      graph.output(successorOf(stateOf(stateName, name)), updated.state[place]);
    }
  }
  return graph;
}
