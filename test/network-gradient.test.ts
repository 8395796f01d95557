import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../src/engines/engine.ts';
import { OnnxruntimeEngine } from '../src/engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../src/foundation/random/random-source.ts';
import { type Tensor, tensor, toNumbers } from '../src/graph/tensor/tensor.ts';
import type { Trunk } from '../src/ranking/backbones/trunk.ts';
import type { LossConfig } from '../src/ranking/losses/loss-table.ts';
import type { NetworkConfig } from '../src/ranking/networks/network-config.ts';
import { makeLoss } from '../src/training/configuration/make-loss.ts';
import { embedSliceGraph, gradientOf, lossGraph, stepGraph } from '../src/training/step/network-graphs.ts';
import { mobileNetwork, visionTransformer } from './fixtures/foreign-networks.ts';
import { trunkOf } from './fixtures/trunk-of.ts';
import { interpret } from './oracles/reference/interpret.ts';
import { hashedMask, hashedParameter, hashedPictures } from './support/hashed-numbers.ts';
import { everything, oneDnnEngine, withoutOneDnn } from './support/onednn-here.ts';
import { relativeDifference } from './support/relative-difference.ts';
import { smallNetwork, smallRun } from './support/small-run.ts';

// The gradient of a whole training step (pictures, network in training, loss) by every parameter: float64 reference against
// central differences along random directions, and onnxruntime's float32 against the reference.

const hinge: LossConfig = { kind: 'hinge', gap: 1, distance: 'squared-euclidean' };
const articleHinge: LossConfig = { kind: 'hinge', gap: 1, distance: 'euclidean' };
const batchMeanHinge: LossConfig = { kind: 'batch-mean-hinge', gap: 1, distance: 'euclidean' };
const semiHard: LossConfig = { kind: 'semi-hard', gap: 0.2, distance: 'squared-euclidean' };
const supcon: LossConfig = { kind: 'supcon', temperature: 0.1 };

/** Two triplets (query, positive, negative), which are two classes of three as well. */
const labels = [0, 0, 1, 1, 1, 0];

const onnx = (trunk: Trunk) =>
  smallNetwork(16, { backbone: 'onnx', paths: 'none', embeddingDimension: 8, trunk: trunk.config });
const mobile = trunkOf(mobileNetwork(), 'map');
const transformer = trunkOf(visionTransformer(), 'tokens');

interface NetworkCase {
  readonly name: string;
  readonly network: NetworkConfig;
  readonly rows: number;
  readonly losses: readonly LossConfig[];
  readonly trunk?: Trunk;
}

const cases: readonly NetworkCase[] = [
  {
    name: 'the small network with subsampled paths, every loss',
    network: smallNetwork(16, { embeddingDimension: 8, dropout: 0.25 }),
    rows: 6,
    losses: [hinge, articleHinge, batchMeanHinge, semiHard, supcon],
  },
  {
    name: 'the small network with strided paths',
    network: smallNetwork(48, { embeddingDimension: 8, paths: 'strided' }),
    rows: 3,
    losses: [articleHinge],
  },
  {
    name: 'the small network without paths',
    network: smallNetwork(16, { embeddingDimension: 8, paths: 'none' }),
    rows: 3,
    losses: [hinge],
  },
  {
    name: 'an ONNX network with depthwise convolutions, squeeze-and-excitation and residuals',
    network: onnx(mobile),
    rows: 3,
    losses: [hinge],
    trunk: mobile,
  },
  { name: 'an ONNX vision transformer', network: onnx(transformer), rows: 3, losses: [hinge], trunk: transformer },
];

const engines = new Map<string, Engine>();
beforeAll(async () => {
  engines.set('onnxruntime', await OnnxruntimeEngine.create({ threads: 1 }));
  if (withoutOneDnn === undefined) engines.set('oneDNN', await oneDnnEngine({ threads: 1 }, everything));
});
afterAll(() => Promise.all([...engines.values()].map((engine) => engine.close())));
const engineNames = ['onnxruntime', ...(withoutOneDnn === undefined ? ['oneDNN'] : [])];
if (withoutOneDnn !== undefined) it.todo(`the same on oneDNN (skipped: ${withoutOneDnn})`);

const sizeOf = (numbers: readonly number[]) => Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0));

/** Weights, whose gradients are large, apart from scales and biases, whose gradients are small beside them. */
const kinds = [
  { kind: 'weights', pattern: /\.weight$/ },
  { kind: 'scales and biases', pattern: /\.(scale|bias)$/ },
] as const;

describe.each(cases)('gradients of $name', ({ network, rows, losses, trunk }) => {
  const steps = losses.map((loss, index) => {
    const config = smallRun(network, loss, rows);
    const ranking = makeLoss(loss, config.batch);
    const lossFeeds = () => ranking.feeds(labels.slice(0, rows), RandomSource.fromSeed(1));
    return {
      index,
      loss,
      lossFeeds,
      lossAlone: lossGraph(config, ranking, rows).graph,
      ...stepGraph(config, ranking, rows, trunk),
    };
  });
  const [{ scope }] = steps;
  const names = [...scope.parameters.keys()];
  const weightFeeds = () =>
    Object.fromEntries(
      [...scope.parameters.values()].map(({ spec }) => [spec.name, hashedParameter(spec.name, spec.shape)]),
    );
  const otherFeeds = (): Record<string, Tensor> => ({
    ...Object.fromEntries([...scope.statistics.values()].map(({ spec }) => [spec.name, tensor('float32', spec.shape)])),
    ...Object.fromEntries(scope.masks.map(({ name, shape, keep }) => [name, hashedMask(name, shape, keep)])),
    image: hashedPictures(rows, network.width),
  });
  /** The gradients of each loss in float64. */
  let exact: readonly Record<string, Tensor>[];
  beforeAll(() => {
    exact = steps.map(({ graph, lossFeeds }) =>
      interpret(graph, { ...weightFeeds(), ...otherFeeds(), ...lossFeeds() }, names.map(gradientOf)),
    );
  }, 60_000);

  /** Every loss with some weights moved, in float64. */
  const embed = embedSliceGraph(smallRun(network, losses[0], rows), rows, trunk).graph;
  function lossesAt(moved: Readonly<Record<string, Tensor>>): number[] {
    const { embedding } = interpret(embed, { ...weightFeeds(), ...otherFeeds(), ...moved }, ['embedding']);
    return steps.map(({ lossAlone, lossFeeds }) => {
      const { loss } = interpret(lossAlone, { embedding, ...lossFeeds() }, ['loss']);
      return toNumbers(loss)[0];
    });
  }

  it.each(kinds)('agree with central differences along a random direction: $kind', ({ kind, pattern }) => {
    const random = RandomSource.fromSeed(1, kind);
    const moving = Object.entries(weightFeeds())
      .filter(([name]) => pattern.test(name))
      .map(([name, { shape, data }]) => ({
        name,
        shape,
        data,
        towards: Float64Array.from(data, () => random.normal()),
      }));
    const at = (offset: number) =>
      lossesAt(
        Object.fromEntries(
          moving.map(({ name, shape, data, towards }) => [
            name,
            tensor(
              'float64',
              shape,
              Float64Array.from(data, (value, place) => value + offset * towards[place]),
            ),
          ]),
        ),
      );
    const step = 1e-7;
    const [ahead, behind, farAhead, farBehind] = [at(step), at(-step), at(2 * step), at(-2 * step)];
    for (const { index, loss } of steps) {
      const parts = moving.map(({ name, towards }) =>
        toNumbers(exact[index][gradientOf(name)]).reduce((sum, slope, place) => sum + slope * towards[place], 0),
      );
      const [slope, size] = [parts.reduce((sum, part) => sum + part, 0), Math.hypot(...parts)];
      const near = (ahead[index] - behind[index]) / (2 * step);
      const far = (farAhead[index] - farBehind[index]) / (4 * step);
      // Both steps agree: no ReLU, maximum or choice of a negative flips on the way.
      expect(Math.abs(near - far), `${loss.kind} is smooth here`).toBeLessThan(1e-7 * size);
      expect(Math.abs(near - slope), loss.kind).toBeLessThan(1e-7 * size);
      expect(Math.abs(slope)).toBeGreaterThan(0.01 * size);
    }
  });

  const runs = steps.flatMap((step) => engineNames.map((on) => ({ ...step, on })));
  it.each(runs)(
    'are the same in float32 on $on: $loss.kind $loss.distance',
    async ({ index, graph, lossFeeds, on }) => {
      const program = await engines.get(on)!.compile(graph);
      const found = await program.run({ ...weightFeeds(), ...otherFeeds(), ...lossFeeds() });
      for (const name of names) {
        const expected = exact[index][gradientOf(name)];
        const numbers = toNumbers(found[gradientOf(name)]);
        // A bias of all keys moves no softmax: its gradient is zero, and has no relative error.
        if (sizeOf(toNumbers(expected)) < 1e-12) expect(sizeOf(numbers), name).toBeLessThan(1e-6);
        else expect(relativeDifference(numbers, toNumbers(expected)), name).toBeLessThan(1e-4);
      }
      await program.release();
    },
  );
});
