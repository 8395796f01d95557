import { describe, expect, it } from 'vitest';
import { hashedParameter, hashedPictures } from '../../../test/support/hashed-numbers.ts';
import {
  everything,
  needingOneDnn,
  oneDnnEngine,
  openOneDnn,
  withoutOneDnn,
} from '../../../test/support/onednn-here.ts';
import { smallNetwork, smallRun } from '../../../test/support/small-run.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { makeLoss } from '../../training/configuration/make-loss.ts';
import { presets } from '../../training/configuration/presets.ts';
import { stepGraph } from '../../training/step/network-graphs.ts';
import { NativeFunctions } from './library/native-functions.ts';
import { OneDnnProgram } from './onednn-program.ts';
import { precisions } from './onednn-settings.ts';
import { usualThresholds } from './partition/suited-nodes.ts';
import { makePlan } from './plan/make-plan.ts';

const loss = { kind: 'supcon', temperature: 0.1 } as const;

/** A step of the small network, its pictures large enough for oneDNN to be given most of it. */
function step(rows: number, side: number, network = smallNetwork(side, { embeddingDimension: 16 })) {
  const config = smallRun(network, loss, rows);
  const ranking = makeLoss(loss, config.batch);
  const { graph, scope } = stepGraph(config, ranking, rows);
  const feeds = (): Record<string, Tensor> => ({
    ...Object.fromEntries(
      [...scope.parameters.values()].map(({ spec }) => [spec.name, hashedParameter(spec.name, spec.shape)]),
    ),
    ...Object.fromEntries([...scope.statistics.values()].map(({ spec }) => [spec.name, tensor('float32', spec.shape)])),
    image: hashedPictures(rows, side),
    ...ranking.feeds(
      Array.from({ length: rows }, (_, row) => row >> 1),
      RandomSource.fromSeed(1),
    ),
  });
  return { graph, feeds };
}

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('a step on oneDNN'), () => {
  it.each(precisions)(
    'gives the same bits in twenty runs, with a collection of garbage between any two: %s',
    async (precision) => {
      const { graph, feeds } = step(12, 32);
      await using engine = await oneDnnEngine({ precision });
      const program = await engine.compile(graph, { asBuilt: true });
      const first = await program.run(feeds());
      const digests = tensorDigests(new Map(Object.entries(first)));
      expect(Math.max(...(first['gradient:backbone.conv1.weight'].data as Float32Array))).toBeGreaterThan(0);
      for (let again = 1; again < 20; again++) {
        // Garbage enough for V8 to collect, so that memory whose address alone was kept would be gone.
        Array.from({ length: 50 }, () => new Float32Array(1e5));
        expect(tensorDigests(new Map(Object.entries(await program.run(feeds()))))).toEqual(digests);
      }
    },
  );

  it('is five stretches, whose layouts fit together so that weights and gradients alone are reordered', async () => {
    const { graph } = step(32, 64);
    await using engine = await oneDnnEngine();
    const program = (await engine.compile(graph, { asBuilt: true })) as OneDnnProgram;
    expect(program).toBeInstanceOf(OneDnnProgram);
    const reorders = program.implementations.filter((name) => name.includes('.reorder'));
    expect(program.implementations.length).toBeGreaterThan(60);
    expect(reorders.length).toBeLessThan(program.implementations.length / 2);
  });

  // The network of `auto` is in a file.
  const ownNetworks = (Object.keys(presets) as (keyof typeof presets)[]).filter((preset) => preset !== 'auto');
  it.each(ownNetworks)('has no plain loops in the preset %s', async (preset) => {
    const { network, size } = presets[preset];
    const own = { ...smallNetwork(size), ...network, width: size, height: size };
    const { graph } = step(8, size, own as ReturnType<typeof smallNetwork>);
    const library = await openOneDnn();
    for (const compute of precisions.slice(0, library.instructions.bfloat16 ? 2 : 1)) {
      const native = new NativeFunctions(library.koffi, library.handle);
      const plan = makePlan(graph, native, { compute, thresholds: usualThresholds, anyKernel: false });
      const steps = plan?.steps.flatMap((one) => (one.kind === 'primitive' ? [one] : [])) ?? [];
      expect(steps.length).toBeGreaterThan(10);
      for (const { name, implementation } of steps) {
        expect(implementation, name).not.toMatch(/\bref\b|ref:|:any$/);
        // Nor is an image of three channels unfolded for the gradient of its weights, which bfloat16 would have done.
        if (/^ConvWeightGradient(_\d+)?$/.test(name)) expect(implementation, name).not.toContain('gemm');
      }
      // Every convolution that learns is oneDNN's.
      const convolutions = graph.nodes.filter(
        ({ op, inputs }) => op === 'Conv' && inputs[1]?.origin.kind === 'input',
      ).length;
      expect(steps.filter(({ name }) => /^Conv(_\d+)?$/.test(name)).length).toBeGreaterThanOrEqual(convolutions);
      plan?.objects.release();
    }
  });

  it('computes a tiny step with everything in oneDNN as onnxruntime alone does, to rounding', async () => {
    const { graph, feeds } = step(6, 16);
    await using all = await oneDnnEngine({}, everything);
    const found = await (await all.compile(graph, { asBuilt: true })).run(feeds());
    await using none = await oneDnnEngine({}, { ...everything, stretchWork: Number.POSITIVE_INFINITY });
    const expected = await (await none.compile(graph, { asBuilt: true })).run(feeds());
    expect(Number(found['loss'].data[0])).toBeCloseTo(Number(expected['loss'].data[0]), 5);
  });
});
