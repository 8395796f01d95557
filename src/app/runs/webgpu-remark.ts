import { cpuOperators } from '../../engines/webgpu/cpu-operators.ts';
import { rankingLoss } from '../../training/configuration/make-loss.ts';
import { rowsOf } from '../../training/configuration/step/batch-config.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { featuresGraph, stepGraph } from '../../training/step/network-graphs.ts';

/** What is to be said of a run that is computed on WebGPU: what of it WebGPU has no kernel for; undefined on the CPU. */
export function webGpuRemark({ config, trunk }: TrainingPlan): string | undefined {
  if (config.engine.provider !== 'webgpu') return undefined;
  const frozen = config.start !== undefined && trunk !== undefined;
  const graph = frozen
    ? featuresGraph(config, 1, trunk)
    : stepGraph(config, rankingLoss(config), rowsOf(config.batch), trunk).graph;
  const operators = cpuOperators(graph);
  const foreign = graph.nodes.some(({ kind }) => kind === 'opaque')
    ? ', and operators that lookalike does not know'
    : '';
  if (operators.length === 0 && foreign === '') return 'computed on WebGPU';
  return `computed on WebGPU, but on the CPU where it has no kernel: ${operators.join(', ') || 'nothing'}${foreign}`;
}
