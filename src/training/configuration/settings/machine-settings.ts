import { z } from 'zod';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import { engineChoices, precisionChoices } from '../engine-choices.ts';
import { trainingConfigSchema } from '../training-config.ts';
import { trainingDefaults } from '../training-defaults.ts';
import { defineSetting } from './define-setting.ts';

const { threads, rowsAtOnce, provider } = trainingConfigSchema.shape.engine.shape;
const group = 'Machine';

/** What the machine does at once, and on what. */
export const machineSettings = {
  /** Of the engine. Default: 2. */
  threads: defineSetting({
    schema: threads,
    usual: trainingDefaults.threads,
    auto: true,
    option: {
      group,
      value: 'n',
      elsewhere: ['workers', 'num-workers', 'jobs', 'j'],
      help: 'threads of the engine',
    },
    startedWith: ({ engine }) => engine.threads,
  }),
  /** Default: `cpu`. */
  provider: defineSetting({
    schema: provider,
    usual: trainingDefaults.provider,
    auto: true,
    option: {
      group,
      value: 'name',
      elsewhere: ['device', 'gpu', 'cuda', 'backend'],
      // What machines other programs speak of, in the names of onnxruntime's providers.
      valuesElsewhere: {
        gpu: 'cuda or webgpu',
        nvidia: 'cuda',
        rocm: 'webgpu',
        amd: 'webgpu',
        mps: 'webgpu',
        metal: 'webgpu',
        coreml: 'webgpu',
        dml: 'webgpu',
        directml: 'webgpu',
      },
      help: alternatives(provider.options),
    },
    startedWith: ({ engine }) => engine.provider,
  }),
  /** What computes: onnxruntime, or oneDNN for what it has well. Default: `auto`, the fastest that is here. */
  engine: defineSetting({
    schema: z.enum(engineChoices),
    usual: trainingDefaults.engine,
    auto: true,
    option: { group, value: 'name', help: `${alternatives(engineChoices)}; lookalike engines lists what is here` },
    startedWith: ({ engine }, given) =>
      given === 'auto' ? given : engine.onednn === undefined ? 'onnxruntime' : 'onednn',
  }),
  /** What oneDNN computes in. Default: `auto`, which is float32. */
  precision: defineSetting({
    schema: z.enum(precisionChoices),
    usual: trainingDefaults.precision,
    auto: true,
    option: { group, value: 'name', help: `${alternatives(precisionChoices)}; bfloat16 needs oneDNN` },
    startedWith: ({ engine }, given) => (given === 'auto' ? given : (engine.onednn?.precision ?? 'float32')),
  }),
  /** Rows at once, where memory is short. Default: the whole batch. */
  rowsAtOnce: defineSetting({ schema: rowsAtOnce, startedWith: ({ engine }) => engine.rowsAtOnce }),
};
