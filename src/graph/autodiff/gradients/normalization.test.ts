import { describe, expect, it } from 'vitest';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import { Graph, type Value } from '../../builder/graph.ts';
import { add, l2Normalize, reduceSum } from '../../builder/operations.ts';
import { neededParts } from '../../export/needed.ts';
import { lowerGradients } from '../../lowering/lower-gradients.ts';
import { tensor } from '../../tensor/tensor.ts';
import { backward } from '../backward.ts';

function trainedNormalization(momentum: number) {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [4, 3, 2, 2]);
  const [scale, bias, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map((name) =>
    graph.input(name, 'float32', [3]),
  );
  const attributes = { trainingMode: 1, momentum };
  const outputs = graph.apply('BatchNormalization', [x, scale, bias, mean, variance], attributes, { outputs: 3 });
  const backwardOf = (loss: Value, wrt: readonly Value[]) => {
    const before = graph.nodes.length;
    backward(loss, wrt);
    return graph.nodes.slice(before).map((node) => node.op);
  };
  return { x, scale, bias, mean, outputs, backwardOf };
}

describe('gradient of BatchNormalization', () => {
  it('takes mean and variance from the node itself where its momentum is 0, else runs it again', () => {
    for (const [momentum, times] of [
      [0, 0],
      [0.9, 1],
    ]) {
      const { x, scale, outputs, backwardOf } = trainedNormalization(momentum);
      const added = backwardOf(reduceSum(outputs[0]), [x, scale]);
      expect(added.filter((op) => op === 'BatchNormalization')).toHaveLength(times);
    }
  });

  it('computes nothing for the input where only the bias is asked for', () => {
    const { x, bias, outputs } = trainedNormalization(0);
    const [gradient] = backward(reduceSum(outputs[0]), [bias]);
    x.graph.output('gradient', gradient);
    const { nodes } = neededParts(lowerGradients(x.graph));
    expect(nodes.map(({ op }) => op)).toEqual(['Expand', 'ReduceSum']);
  });

  it('is zero by the running mean that goes in, and unknown by the one that comes out', () => {
    const { x, mean, outputs, backwardOf } = trainedNormalization(0.9);
    expect(() => backwardOf(reduceSum(outputs[0]), [mean])).not.toThrow();
    expect(() => backwardOf(add(reduceSum(outputs[0]), reduceSum(outputs[1])), [x])).toThrow(
      "no gradient through node 'BatchNormalization' (BatchNormalization): its running mean and variance have no gradient",
    );
  });
});

describe('gradients of other normalisations', () => {
  it('are 0 at a vector of zeros', () => {
    const at = { shape: [2, 2], values: [0, 0, 3, 4] };
    const [gradient] = gradientsAt((x) => l2Normalize(x), [at]);
    expect(gradient.slice(0, 2)).toEqual([0, 0]);
    expect(gradient[2]).toBeCloseTo((1 - 0.6 * 1.4) / 5, 12);
    expect(gradient[3]).toBeCloseTo((1 - 0.8 * 1.4) / 5, 12);
  });

  it('refuse the mean that LayerNormalization gives out', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const scale = graph.input('scale', 'float32', [3]);
    const [, mean] = graph.apply('LayerNormalization', [x, scale], {}, { outputs: 3 });
    expect(() => backward(reduceSum(mean), [x])).toThrow('its outputs Mean and InvStdDev have no gradient rule');
  });

  it('refuse Dropout that draws its own masks', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const ratio = graph.input('ratio', 'float32', []);
    const dropped = (mode: Value) => reduceSum(graph.apply('Dropout', [x, ratio, mode], {})[0]);
    const on = graph.constant(tensor('bool', [], Uint8Array.of(1)));
    expect(() => backward(dropped(on), [x])).toThrow('(Dropout): in training mode its mask comes from a generator');
    expect(() => backward(dropped(graph.input('mode', 'bool', [])), [x])).toThrow(
      'multiply by a mask that is an input',
    );
  });
});
