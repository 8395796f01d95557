import { expect, it } from 'vitest';
import { mobileNetwork } from '../../../../test/fixtures/foreign-networks.ts';
import { trunkOf } from '../../../../test/fixtures/trunk-of.ts';
import { smallNetwork, smallRun } from '../../../../test/support/small-run.ts';
import { instructionSet } from '../../../engines/onednn/library/instruction-set.ts';
import type { OneDnnLibrary } from '../../../engines/onednn/library/open-library.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { UsageError } from '../../../foundation/errors/usage-error.ts';
import type { Graph } from '../../../graph/builder/graph.ts';
import { chooseEngine, engineAgain, measuredOneDnn, otherOneDnn } from './choose-engine.ts';

/** A library on a processor with these bits of `dnnl_cpu_isa_t`, as far as the choice looks at it. */
const library = (bits: number) => async () =>
  ({ version: '3.2.0', threads: 'TBB', instructions: instructionSet(bits) }) as unknown as OneDnnLibrary;
const none = () => Promise.reject(new EngineError('there is no oneDNN'));
const [sse, avx512, half, amx] = [0x1, 0x27, 0xe7, 0xfef];
const found = { version: '3.2.0', threads: 'TBB', instructions: 'AVX-512', precision: 'float32' } as const;

it('takes what is fastest here where nobody chose', async () => {
  expect(await chooseEngine({}, library(avx512))).toEqual(found);
  expect(await chooseEngine({}, library(amx))).toMatchObject({ instructions: 'AMX', precision: 'float32' });
  expect(await chooseEngine({}, library(sse))).toBeUndefined();
  expect(await chooseEngine({}, none)).toBeUndefined();
  expect(await chooseEngine({ provider: 'webgpu' }, library(amx))).toBeUndefined();
});

it('takes what was chosen', async () => {
  expect(await chooseEngine({ engine: 'onnxruntime' }, library(amx))).toBeUndefined();
  expect(await chooseEngine({ engine: 'onednn' }, library(sse))).toMatchObject({ instructions: 'SSE4.1' });
  expect(await chooseEngine({ precision: 'float32' }, library(amx))).toMatchObject({ precision: 'float32' });
  expect(await chooseEngine({ precision: 'bfloat16' }, library(half))).toMatchObject({ precision: 'bfloat16' });
});

it('refuses what cannot be had, and choices that do not go together', async () => {
  await expect(chooseEngine({ engine: 'onednn' }, none)).rejects.toThrow('there is no oneDNN');
  await expect(chooseEngine({ precision: 'bfloat16' }, none)).rejects.toThrow(EngineError);
  await expect(chooseEngine({ precision: 'bfloat16' }, library(avx512))).rejects.toThrow(
    /^this processor \(AVX-512\) does not compute in bfloat16/,
  );
  const mixed = chooseEngine({ engine: 'onnxruntime', precision: 'bfloat16' }, library(amx));
  await expect(mixed).rejects.toThrow(UsageError);
  await expect(mixed).rejects.toThrow(
    /choices\.precision: 'bfloat16' was given, but onnxruntime computes in float32 alone/,
  );
  const elsewhere = chooseEngine({ engine: 'onednn', provider: 'cuda' }, library(amx));
  await expect(elsewhere).rejects.toThrow(/choices\.engine: 'onednn' was given, but .* the provider is cuda/);
});

it('goes on with what a run was started with, or says why it cannot', async () => {
  const started = { ...found, precision: 'float32' } as const;
  expect(await engineAgain(started, 'run', library(amx))).toMatchObject({ instructions: 'AMX', precision: 'float32' });
  const gone = engineAgain(started, 'run', none);
  await expect(gone).rejects.toThrow(TrainingError);
  await expect(gone).rejects.toThrow(/'run' was started with oneDNN 3\.2\.0 and cannot go on.*there is no oneDNN/);
});

it('does not go on in bfloat16 on a processor without it', async () => {
  const started = { ...found, precision: 'bfloat16' } as const;
  expect(await engineAgain(started, 'run', library(half))).toMatchObject({ precision: 'bfloat16' });
  await expect(engineAgain(started, 'run', library(avx512))).rejects.toThrow(
    "the run in 'run' was started in bfloat16, and this processor (AVX-512) does not compute in it",
  );
});

it('takes the precision that is measured to be faster with the gradients of the network', async () => {
  const config = smallRun(smallNetwork(32), { kind: 'supcon', temperature: 0.1 }, 12);
  const asked: unknown[] = [];
  const measuring = (ratio: number | undefined) => ({
    precision: async (graph: Graph, threads: number) => {
      asked.push([graph.inputs.find(({ name }) => name === 'image')!.shape, threads]);
      return ratio;
    },
    engine: () => Promise.reject(new Error('both are oneDNN')),
  });
  const chosen = (ratio: number | undefined) => measuredOneDnn(found, {}, { config }, measuring(ratio));
  expect(await chosen(1.856)).toEqual({ ...found, precision: 'bfloat16', timesAsFast: 1.86 });
  expect(await chosen(1.19)).toEqual({ ...found, precision: 'float32', timesAsFast: 1.19 });
  expect(await chosen(undefined)).toEqual(found);
  expect(asked).toEqual(Array(3).fill([[12, 32, 32, 3], config.engine.threads]));
  expect(await measuredOneDnn(found, { precision: 'float32' }, { config }, measuring(3))).toEqual(found);
});

it('takes oneDNN for a network of a file that is learnt where it is measured to be faster, in float32', async () => {
  const trunk = trunkOf(mobileNetwork(), 'map');
  const run = smallRun(smallNetwork(16, { paths: 'none' }), { kind: 'supcon', temperature: 0.1 }, 12);
  const planned = {
    config: { ...run, network: { ...run.network, backbone: 'onnx', trunk: trunk.config } },
    trunk,
  } as const;
  const measuring = (ratio: number | undefined) => ({
    precision: () => Promise.reject(new Error('its precision is not measured')),
    engine: async () => ratio,
  });
  const chosen = (ratio: number | undefined, choices = {}, learnt = planned) =>
    measuredOneDnn(found, choices, learnt, measuring(ratio));
  expect(await chosen(1.2)).toEqual(found);
  expect(await chosen(1.05)).toBeUndefined();
  expect(await chosen(undefined)).toBeUndefined();
  expect(await chosen(0.5, { engine: 'onednn' })).toEqual(found);
  const frozen = { ...planned, trunk: { ...trunk, config: { ...trunk.config, cached: true } } };
  expect(await chosen(0.5, {}, frozen)).toEqual(found);
});

it('says where the bits will be others', () => {
  expect(otherOneDnn(found, found)).toBeUndefined();
  expect(otherOneDnn(found, { ...found, version: '3.8.1' })).toMatch(
    /started with oneDNN 3\.2\.0 \(TBB, AVX-512\), here is oneDNN 3\.8\.1 .*not bit for bit/,
  );
});
