import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backward } from '../../graph/autodiff/backward.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { classifierParameters, softmaxClassification } from './softmax-classification.ts';

const [rows, length, classes] = [5, 3, 4];
const labels = [0, 3, 1, 1, 2];
const random = RandomSource.fromSeed(3, 'softmax');
const numbers = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const values = { features: numbers(rows * length), weight: numbers(classes * length), bias: numbers(classes) };

/** By scalar loops: the loss, and how many rows have a likelier class than their own. */
function scalar({ features, weight, bias }: typeof values) {
  let [loss, wrong] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const scores = Array.from({ length: classes }, (_, k) => {
      let score = bias[k];
      for (let i = 0; i < length; i++) score += features[row * length + i] * weight[k * length + i];
      return score;
    });
    const own = scores[labels[row]];
    loss += (Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - own) / rows;
    if (Math.max(...scores) > own) wrong += 1 / rows;
  }
  return { loss, wrong };
}

function build() {
  const graph = new Graph();
  const features = graph.input('features', 'float32', [rows, length]);
  const loss = softmaxClassification(classes);
  const asked: { name: string; shape: readonly number[]; decays: boolean | undefined }[] = [];
  const parameters = [] as ReturnType<Graph['input']>[];
  const built = loss.build(features, {
    parameter(name, shape, _, options) {
      asked.push({ name, shape, decays: options?.decays });
      const value = graph.input(name, 'float32', shape);
      parameters.push(value);
      return value;
    },
  });
  graph.output('loss', built.loss);
  graph.output('active', built.activeShare);
  for (const [index, gradient] of backward(built.loss, [features, ...parameters]).entries()) {
    graph.output(`gradient${index}`, gradient);
  }
  const feeds: Record<string, Tensor> = {
    features: tensor('float64', [rows, length], values.features),
    [classifierParameters[0]]: tensor('float64', [classes, length], values.weight),
    [classifierParameters[1]]: tensor('float64', [classes], values.bias),
    ...loss.feeds(labels, random),
  };
  return { asked, results: interpret(graph, feeds) };
}

describe('softmaxClassification', () => {
  it('is the mean of the negative logarithm of the own class, with the share of wrong rows', () => {
    const { asked, results } = build();
    const { loss, wrong } = scalar(values);
    expect(toNumbers(results['loss'])[0]).toBeCloseTo(loss, 10);
    expect(toNumbers(results['active'])[0]).toBeCloseTo(wrong, 10);
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThan(1);
    expect(asked).toEqual([
      { name: 'loss.classifier.weight', shape: [classes, length], decays: true },
      { name: 'loss.classifier.bias', shape: [classes], decays: undefined },
    ]);
  });

  it('has the gradients of central differences', () => {
    const { results } = build();
    const step = 1e-5;
    for (const [index, name] of (['features', 'weight', 'bias'] as const).entries()) {
      const differences = values[name].map((_, place) => {
        const moved = (by: number) => {
          const changed = values[name].slice();
          changed[place] += by;
          return scalar({ ...values, [name]: changed }).loss;
        };
        return (moved(step) - moved(-step)) / (2 * step);
      });
      const gradient = toNumbers(results[`gradient${index}`]);
      expect(gradient).toHaveLength(differences.length);
      for (const [place, value] of gradient.entries()) expect(value).toBeCloseTo(differences[place], 7);
    }
  });

  it('refuses one class, and labels beyond', () => {
    expect(() => softmaxClassification(1)).toThrow('at least two classes, got 1');
    expect(() => softmaxClassification(3).feeds([0, 3], random)).toThrow(
      'softmax classification tells 3 classes apart, 0 to 2; got the label 3',
    );
  });
});
