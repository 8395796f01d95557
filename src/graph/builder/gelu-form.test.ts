import { describe, expect, it } from 'vitest';
import { centralDifferences } from '../../../test/oracles/central-differences.ts';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { floats } from '../../../test/support/gradient-case.ts';
import { backward } from '../autodiff/backward.ts';
import { lowerGradients } from '../lowering/lower-gradients.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { geluForm } from './gelu-form.ts';
import { Graph, type Value } from './graph.ts';
import { add, div, erf, mul, pow, reduceSum, tanh } from './operations.ts';

const root = Math.sqrt(2 / Math.PI);

/** The ways in which exporters write it. */
const written: Readonly<Record<string, readonly [approximate: string, make: (x: Value) => Value]>> = {
  'by PyTorch': ['none', (x) => mul(mul(x, add(erf(div(x, Math.SQRT2)), 1)), 0.5)],
  'with a product, halved first': ['none', (x) => mul(mul(0.5, x), add(1, erf(mul(x, Math.SQRT1_2))))],
  'of opset 20, by tanh': [
    'tanh',
    (x) => mul(mul(x, add(tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), root)), 1)), 0.5),
  ],
  'by tanh with a power': ['tanh', (x) => mul(mul(x, 0.5), add(tanh(mul(root, add(x, mul(0.044715, pow(x, 3))))), 1))],
};

describe.each(Object.entries(written))('Gelu, written %s', (_, [approximate, make]) => {
  const numbers = [-3, -1.2, -0.3, 0, 0.4, 1, 2.5, 6];

  function trained(type: 'float32' | 'float64') {
    const graph = new Graph();
    const x = graph.input('x', type, [8]);
    const y = make(x);
    const loss = reduceSum(mul(y, y));
    graph.output('loss', loss);
    graph.output('gradient', backward(loss, [x])[0]);
    return { graph, x, y };
  }

  it('is known, with x and all that is between', () => {
    const { graph, x, y } = trained('float64');
    const form = geluForm(y)!;
    expect([form.x, form.approximate]).toEqual([x, approximate]);
    expect(form.within).toContain(form.share);
    expect(form.within).not.toContain(x);
    expect(graph.nodes.map(({ op }) => op).filter((op) => op === 'GeluGradient')).toHaveLength(1);
  });

  it('has the gradient of its nodes, lowered, too', () => {
    const { graph } = trained('float64');
    const feeds = { x: floats('float64', [8], numbers) };
    const { x: expected } = centralDifferences((near) => toNumbers(interpret(graph, near, ['loss'])['loss'])[0], feeds);
    const lowered = lowerGradients(graph);
    expect(lowered.nodes.filter(({ op }) => op === 'Erf' || op === 'Tanh')).toHaveLength(
      approximate === 'tanh' ? 2 : 1,
    );
    for (const one of [graph, lowered]) {
      for (const [place, value] of toNumbers(interpret(one, feeds)['gradient']).entries())
        expect(value).toBeCloseTo(expected[place], 6);
    }
  });

  it('can be differentiated twice', () => {
    const { graph, x } = trained('float64');
    const [second] = backward(reduceSum(graph.outputs.get('gradient')!), [x]);
    graph.output('second', second);
    const feeds = { x: floats('float64', [8], numbers) };
    const sum = (near: typeof feeds) =>
      toNumbers(interpret(graph, near, ['gradient'])['gradient']).reduce((total, value) => total + value, 0);
    const { x: expected } = centralDifferences(sum as never, feeds);
    for (const [place, value] of toNumbers(interpret(graph, feeds)['second']).entries())
      expect(value).toBeCloseTo(expected[place], 5);
  });
});

describe('what is no Gelu', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float64', [4]);
  const z = graph.input('z', 'float64', [4]);

  it.each([
    ['another factor', mul(mul(x, add(erf(div(x, Math.SQRT2)), 1)), 0.25)],
    ['another divisor', mul(mul(x, add(erf(div(x, 2)), 1)), 0.5)],
    ['another summand', mul(mul(x, add(erf(div(x, Math.SQRT2)), 2)), 0.5)],
    ['erf of something else', mul(mul(x, add(erf(div(z, Math.SQRT2)), 1)), 0.5)],
    ['a cube of something else', mul(mul(x, add(tanh(mul(add(x, mul(mul(mul(x, x), z), 0.044715)), root)), 1)), 0.5)],
    ['a product', mul(mul(x, z), 0.5)],
  ])('%s', (_, y) => expect(geluForm(y)).toBeUndefined());

  it('is told soon of a long chain of squares', () => {
    let square: Value = x;
    for (let time = 0; time < 60; time++) square = mul(square, square);
    expect(geluForm(square)).toBeUndefined();
  });

  it('gives the gradient by what is inside, where that is asked for', () => {
    const own = new Graph();
    const input = own.input('x', 'float64', [3]);
    const inner = div(input, Math.SQRT2);
    const loss = reduceSum(mul(mul(input, add(erf(inner), 1)), 0.5));
    const [byInner] = backward(loss, [inner]);
    own.output('gradient', byInner);
    const found = toNumbers(interpret(own, { x: floats('float64', [3], [-1, 0.5, 2]) })['gradient']);
    for (const [place, value] of [-1, 0.5, 2].entries())
      expect(found[place]).toBeCloseTo((0.5 * value * 2 * Math.exp((-value * value) / 2)) / Math.sqrt(Math.PI), 12);
  });
});
