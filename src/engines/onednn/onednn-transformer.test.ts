import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { everything, needingOneDnn, oneDnnEngine, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backward } from '../../graph/autodiff/backward.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import {
  add,
  conv,
  div,
  erf,
  matMul,
  mul,
  reduceSum,
  reshape,
  slice,
  softmax,
  squeeze,
  transpose,
} from '../../graph/builder/operations.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import type { OneDnnEngine } from './onednn-engine.ts';
import { OneDnnProgram } from './onednn-program.ts';

/** A graph under construction, with weights that are fed. */
class Network {
  readonly graph = new Graph();
  readonly feeds: Record<string, Tensor> = {};
  readonly #random = RandomSource.fromSeed(5);

  input(name: string, shape: StaticShape, size = 1): Value {
    this.feeds[name] = float32(
      shape,
      Array.from({ length: sizeOf(shape) }, () => size * this.#random.normal()),
    );
    return this.graph.input(name, 'float32', shape);
  }

  normalized(x: Value, name: string): Value {
    const length = [Number(x.shape.at(-1))];
    const inputs = [x, this.input(`${name}.scale`, length), this.input(`${name}.bias`, length)];
    return this.graph.apply('LayerNormalization', inputs, {})[0];
  }

  dense(x: Value, name: string, columns: number): Value {
    const rows = Number(x.shape.at(-1));
    const product = matMul(x, this.input(`${name}.weight`, [rows, columns], rows ** -0.5));
    return add(product, this.input(`${name}.bias`, [columns]));
  }

  perceptron(x: Value, name: string): Value {
    const width = Number(x.shape.at(-1));
    const h = this.dense(x, `${name}.in`, 2 * width);
    return this.dense(mul(mul(h, add(erf(div(h, Math.SQRT2)), 1)), 0.5), `${name}.out`, width);
  }

  /** Outputs: y, and the gradients of a sum of squares of it by all inputs. */
  trained(y: Value): Network {
    this.graph.output('y', y);
    const loss = reduceSum(mul(y, y));
    for (const [place, gradient] of backward(loss, this.graph.inputs).entries())
      this.graph.output(`gradient ${this.graph.inputs[place].name}`, gradient);
    return this;
  }
}

const [rows, tokens, width, heads] = [2, 6, 16, 2];

/** Queries, keys and values, each of a matrix of its own; keys are turned. */
function apart(network: Network, normalized: Value): Value[] {
  const split = (name: string, perm: readonly number[]) =>
    transpose(reshape(network.dense(normalized, name, width), [rows, tokens, heads, width / heads]), perm);
  return [split('query', [0, 2, 1, 3]), split('key', [0, 2, 3, 1]), split('value', [0, 2, 1, 3])];
}

/** The same of one matrix, which is divided. */
function divided(network: Network, normalized: Value): Value[] {
  const whole = reshape(network.dense(normalized, 'all', 3 * width), [rows, tokens, 3, heads, width / heads]);
  const { graph } = network;
  const parts = graph.apply('Split', [transpose(whole, [2, 0, 3, 1, 4])], { axis: 0, numOutputs: 3 }, { outputs: 3 });
  const [query, key, value] = parts.map((part) => squeeze(part, [0]));
  return [query, transpose(key, [0, 1, 3, 2]), value];
}

/** The same, cut out as PyTorch's newer exporter does, whose gradients are put between zeros. */
function cutOut(network: Network, normalized: Value): Value[] {
  const whole = reshape(network.dense(normalized, 'all', 3 * width), [rows, tokens, 3, heads, width / heads]);
  const turned = transpose(whole, [2, 0, 3, 1, 4]);
  const [query, key, value] = [0, 1, 2].map((at) => squeeze(slice(turned, [{ axis: 0, start: at, end: at + 1 }]), [0]));
  return [query, transpose(key, [0, 1, 3, 2]), value];
}

/** Attention of two heads and a perceptron, each behind a normalisation and with a residual. */
function transformer(parts: typeof apart): Network {
  const network = new Network();
  const x = network.input('x', [rows, tokens, width]);
  const [query, key, value] = parts(network, network.normalized(x, 'norm1'));
  const mixed = matMul(softmax(mul(matMul(query, key), (width / heads) ** -0.5)), value);
  const joined = reshape(transpose(mixed, [0, 2, 1, 3]), [rows, tokens, width]);
  const attended = add(x, network.dense(joined, 'joined', width));
  return network.trained(add(attended, network.perceptron(network.normalized(attended, 'norm2'), 'mlp')));
}

/** A block of ConvNeXt: a depthwise convolution, then channels last: a normalisation, a perceptron and a scale. */
function convNeXt(): Network {
  const network = new Network();
  const x = network.input('x', [2, 16, 7, 6]);
  const window = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 16 };
  const spread = conv(x, network.input('w', [16, 1, 3, 3]), network.input('b', [16]), window);
  const y = network.perceptron(network.normalized(transpose(spread, [0, 2, 3, 1]), 'norm'), 'mlp');
  const scaled = transpose(mul(y, network.input('layer.scale', [16])), [0, 3, 1, 2]);
  return network.trained(add(x, scaled));
}

/** To 1e-5 of the largest, or of 10: the gradient by a bias of the keys is 0, for a softmax does not see what all have. */
function expectNear(name: string, found: Tensor, expected: Tensor): void {
  const [actual, wanted] = [toNumbers(found), toNumbers(expected)];
  const largest = Math.max(10, ...wanted.map(Math.abs));
  const worst = Math.max(...actual.map((value, place) => Math.abs(value - wanted[place])));
  expect(worst / largest, name).toBeLessThan(1e-5);
}

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('Blocks of transformers by oneDNN'), () => {
  let engine: OneDnnEngine;
  beforeAll(async () => {
    engine = await oneDnnEngine({}, everything);
  });
  afterAll(() => engine.close());

  it.each([
    ['attention', () => transformer(apart)],
    ['attention by one matrix', () => transformer(divided)],
    ['attention by one matrix, cut out', () => transformer(cutOut)],
    ['ConvNeXt', convNeXt],
  ])('have the results and gradients of the float64 reference, and leave oneDNN nowhere: %s', async (_, make) => {
    const { graph, feeds } = make();
    const program = (await engine.compile(graph, { asBuilt: true })) as OneDnnProgram;
    expect(program).toBeInstanceOf(OneDnnProgram);
    expect(program.placement).toEqual({ share: 1, elsewhere: [] });
    const found = await program.run(feeds);
    for (const [name, expected] of Object.entries(interpret(graph, feeds))) expectNear(name, found[name], expected);
    const steps = program.implementations.join('\n');
    for (const wanted of [
      /^LayerNormalization\S* jit/m,
      /^LayerNormalizationGradient\S* jit/m,
      /^GeluGradient\S* jit/m,
    ])
      expect(steps).toMatch(wanted);
    expect(await program.run(feeds)).toEqual(found);
    await program.release();
  });
});
