import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { hashedParameter } from '../../../test/support/hashed-numbers.ts';
import { needingOneDnn, oneDnnEngine, openOneDnn, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { relativeDifference } from '../../../test/support/relative-difference.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { add, div, mul, sqrt, sub } from '../../graph/builder/operations.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { filledWith } from '../../ranking/networks/initializers.ts';
import type { ParameterSpec } from '../../ranking/networks/network-scope.ts';
import { adamW } from '../../ranking/optimizers/adamw.ts';
import type { Optimizer } from '../../ranking/optimizers/optimizer.ts';
import { sgd } from '../../ranking/optimizers/sgd.ts';
import { gradientOf } from '../../training/step/network-graphs.ts';
import { stateOf, successorOf, updateGraph } from '../../training/step/update-graph.ts';
import type { HeldTensor } from '../engine.ts';
import { OneDnnProgram } from './onednn-program.ts';
import { usualThresholds } from './partition/suited-nodes.ts';

/** Loops over as many elements as usual, however few of them there are. */
const anyLoops = { ...usualThresholds, stretchWork: 1 };

/** A weight and a bias that are large enough for oneDNN, an odd one, and one that is too small. */
const parameters: readonly ParameterSpec[] = [
  ['weight', [96, 16, 3, 3], true],
  ['bias', [9000], false],
  ['odd', [91, 97], true],
  ['small', [7], false],
].map(([name, shape, decays]) => ({ name, shape, decays, initializer: filledWith(0) }) as ParameterSpec);

const optimizers: readonly (readonly [string, Optimizer, clipNorm: number | null])[] = [
  ['AdamW', adamW({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 }), null],
  ['AdamW with limited gradients', adamW({ beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weightDecay: 0 }), 0.5],
  ['SGD by Nesterov', sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-3 }), null],
  ['SGD without momentum', sgd({ momentum: 0, nesterov: false, weightDecay: 0 }), null],
];

const bfloat16 = withoutOneDnn === undefined && (await openOneDnn()).instructions.bfloat16;

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('loops over large tensors on oneDNN'), () => {
  it.each(optimizers)('update weights in place, with the bits of onnxruntime: %s', async (_, optimizer, clipNorm) => {
    const graph = updateGraph(parameters, optimizer, { clipNorm });
    const absolute = (value: Tensor): Tensor =>
      tensor('float32', value.shape, Float32Array.from(toNumbers(value), Math.abs));
    const first = new Map<string, Tensor>();
    for (const { name, shape } of parameters) {
      first.set(name, hashedParameter(name, shape));
      first.set(gradientOf(name), hashedParameter(`${name}'s gradient`, shape));
      for (const state of optimizer.stateNames)
        first.set(stateOf(state, name), absolute(hashedParameter(state, shape)));
    }
    const scalars = (step: number) => ({
      learning_rate: tensor('float32', [], Float32Array.of(0.01)),
      ...(graph.inputs.some(({ name }) => name === 'step') && { step: tensor('float32', [], Float32Array.of(step)) }),
    });
    const kept = [...first.keys()].filter((name) => graph.outputs.has(successorOf(name)));
    const after = async (thresholds: typeof usualThresholds, precision: 'float32' | 'bfloat16') => {
      await using engine = await oneDnnEngine({ precision }, thresholds);
      const program = await engine.compile(graph, { name: 'update', asBuilt: true });
      const held = new Map(
        await Promise.all([...first].map(async ([name, value]) => [name, await engine.hold(value)] as const)),
      );
      const into = Object.fromEntries(kept.map((name) => [successorOf(name), held.get(name)!]));
      const norms: number[] = [];
      for (let step = 1; step <= 3; step++) {
        const feeds = { ...Object.fromEntries(held), ...scalars(step) };
        const own = Object.fromEntries(
          program.inputs.map((name) => [name, (feeds as Record<string, Tensor | HeldTensor>)[name]!]),
        );
        norms.push(...toNumbers((await program.run(own, { fetch: ['gradient_norm'], into }))['gradient_norm']));
      }
      const values = await Promise.all(
        kept.map(async (name) => [name, [...toNumbers(await held.get(name)!.read())]] as const),
      );
      return { program, result: { norms, ...Object.fromEntries(values) } };
    };
    const without = await after({ ...anyLoops, stretchWork: Number.POSITIVE_INFINITY }, 'float32');
    expect(without.program).not.toBeInstanceOf(OneDnnProgram);
    const loops = await after(anyLoops, 'float32');
    expect(loops.program).toBeInstanceOf(OneDnnProgram);
    const { implementations } = loops.program as OneDnnProgram;
    // Not a pass over memory for every node, and no copies.
    const nodes = graph.nodes.filter(({ outputs: [made] }) => made.shape.length > 0 && made.shape[0] !== 7).length;
    expect(implementations.length).toBeLessThan(0.7 * nodes);
    for (const name of implementations) expect(name).not.toMatch(/reorder|\bref\b/);
    expect(loops.result).toEqual(without.result);
    // The first step's weights by float64, too.
    const exact = interpret(graph, { ...Object.fromEntries(first), ...scalars(1) });
    await using engine = await oneDnnEngine({}, anyLoops);
    const once = await (await engine.compile(graph, { asBuilt: true })).run({
      ...Object.fromEntries(first),
      ...scalars(1),
    });
    for (const name of kept) {
      const [found, expected] = [once[successorOf(name)], exact[successorOf(name)]].map(toNumbers);
      expect(relativeDifference(found, expected), name).toBeLessThan(1e-6);
    }
  });

  it('are left to onnxruntime where more than 64 MB would lie between them, which oneDNN would keep', async () => {
    await using engine = await oneDnnEngine();
    const programOf = async (rows: number) => {
      const graph = new Graph();
      const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [rows, 4096]));
      const [left, right] = [mul(a, 3), mul(b, 5)];
      graph.output('y', mul(add(left, right), sub(left, right)));
      return engine.compile(graph, { asBuilt: true });
    };
    expect(await programOf(1024)).toBeInstanceOf(OneDnnProgram);
    expect(await programOf(4096)).not.toBeInstanceOf(OneDnnProgram);
  });

  it.skipIf(!bfloat16)('are in float32 where the engine computes in bfloat16', async () => {
    const graph = new Graph();
    const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [3, 4096]));
    graph.output('y', sub(1e-3, sqrt(add(mul(a, a), div(mul(b, b), 3)))));
    const feeds = () => ({ a: hashedParameter('a', [3, 4096]), b: hashedParameter('b', [3, 4096]) });
    await using engine = await oneDnnEngine({ precision: 'bfloat16' }, anyLoops);
    const program = await engine.compile(graph, { asBuilt: true });
    expect(program).toBeInstanceOf(OneDnnProgram);
    const { y } = await program.run(feeds());
    expect(relativeDifference(toNumbers(y), toNumbers(interpret(graph, feeds())['y']))).toBeLessThan(1e-6);
  });
});
