import { describe, expect, it } from 'vitest';
import { smallNetwork, smallRun } from '../../../test/support/small-run.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { webGpuRemark } from './webgpu-remark.ts';

describe('webGpuRemark', () => {
  const supcon = smallRun(smallNetwork(32), { kind: 'supcon', temperature: 0.1 }, 8);
  const plan = (provider: 'cpu' | 'webgpu', config = supcon): TrainingPlan =>
    ({ config: { ...config, engine: { ...config.engine, provider } } }) as TrainingPlan;

  it('says nothing of the CPU, and on WebGPU what the CPU has to do', () => {
    expect(webGpuRemark(plan('cpu'))).toBeUndefined();
    expect(webGpuRemark(plan('webgpu'))).toBe('computed on WebGPU, but on the CPU where it has no kernel: Equal');
    const hinge = smallRun(smallNetwork(32), { kind: 'hinge', gap: 1, distance: 'euclidean' }, 6);
    expect(webGpuRemark(plan('webgpu', hinge))).toBe('computed on WebGPU');
  });
});
