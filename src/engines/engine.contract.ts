import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Graph } from '../graph/builder/graph.ts';
import { add, cast, conv, greater, matMul, mul, reduceSum, relu, softmax, sub } from '../graph/builder/operations.ts';
import { float32, int64Vector, tensor, toNumbers } from '../graph/tensor/tensor.ts';
import type { Engine, HeldTensor } from './engine.ts';

/** What differs from engine to engine. */
export interface EngineContractOptions {
  /** Largest difference from the exact result, relative to the largest element. Default: 1e-6, for float32. */
  readonly tolerance?: number;
}

/** What every engine does, whichever library it stands on. `makeEngine` is called once; the engine is closed at the end. */
export function engineContract(
  name: string,
  makeEngine: () => Promise<Engine>,
  { tolerance = 1e-6 }: EngineContractOptions = {},
): void {
  describe(`${name} as an engine`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await makeEngine();
    });
    afterAll(() => engine.close());

    const expectClose = (actual: readonly number[], expected: readonly number[]) => {
      const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(actual).toHaveLength(expected.length);
      for (const [i, x] of expected.entries()) expect(Math.abs(actual[i] - x)).toBeLessThanOrEqual(tolerance * scale);
    };
    const pair = () => float32([2], [1, 2]);

    /** `sum = a + b` and `product = a * b` of two float32 pairs. */
    const sumAndProduct = () => {
      const graph = new Graph();
      const [a, b] = [graph.input('a', 'float32', [2]), graph.input('b', 'float32', [2])];
      graph.output('sum', add(a, b));
      graph.output('product', mul(a, b));
      return graph;
    };

    it('describes itself', () => expect(engine.description).toMatch(/\w/));

    it('computes a convolution, a matrix product and a softmax', async () => {
      const graph = new Graph();
      const w = graph.constant(float32([1, 1, 1, 2], [1, -1]));
      graph.output('edges', relu(conv(graph.input('x', 'float32', [1, 1, 1, 4]), w, undefined)));
      graph.output('odds', softmax(matMul(graph.input('m', 'float32', [1, 2]), graph.input('n', 'float32', [2, 2]))));
      const program = await engine.compile(graph);
      const feeds = { x: float32([1, 1, 1, 4], [5, 2, 4, 1]), m: float32([1, 2], [1, 2]) };
      const results = await program.run({ ...feeds, n: float32([2, 2], [1, 0.5, 0, 1]) });
      expectClose(toNumbers(results['edges']), [3, 0, 3]);
      const odds = Math.exp(2.5 - 1);
      expectClose(toNumbers(results['odds']), [1 / (1 + odds), odds / (1 + odds)]);
      expect(results['edges']).toMatchObject({ type: 'float32', shape: [1, 1, 1, 3] });
      await program.release();
    });

    it('gives every output its declared type', async () => {
      const graph = new Graph();
      const x = graph.input('x', 'float32', [3]);
      for (const type of ['float64', 'int32', 'int64', 'uint8', 'int8'] as const) graph.output(type, cast(x, type));
      graph.output('bool', greater(x, 2));
      const program = await engine.compile(graph);
      const results = await program.run({ x: float32([3], [1, 2.5, 100]) });
      for (const [name, value] of Object.entries(results)) {
        expect(value.type).toBe(name);
        const whole = name === 'bool' ? [0, 1, 1] : [1, 2, 100];
        expect(toNumbers(value)).toEqual(name === 'float64' ? [1, 2.5, 100] : whole);
      }
      expect(Object.keys(results)).toHaveLength(6);
      await program.release();
    });

    it('takes inputs of every type', async () => {
      const graph = new Graph();
      const names = ['float64', 'int32', 'int64', 'uint8', 'int8', 'bool'] as const;
      for (const type of names) graph.output(`sum_${type}`, cast(graph.input(type, type, [2]), 'float32'));
      const program = await engine.compile(graph);
      const results = await program.run({
        float64: tensor('float64', [2], Float64Array.of(0.5, -2)),
        int32: tensor('int32', [2], Int32Array.of(-70000, 3)),
        int64: int64Vector([-5, 6]),
        uint8: tensor('uint8', [2], Uint8Array.of(0, 255)),
        int8: tensor('int8', [2], Int8Array.of(-128, 127)),
        bool: tensor('bool', [2], Uint8Array.of(1, 0)),
      });
      const expected = { float64: [0.5, -2], int32: [-70000, 3], int64: [-5, 6], uint8: [0, 255], int8: [-128, 127] };
      for (const [type, values] of Object.entries({ ...expected, bool: [1, 0] })) {
        expect(toNumbers(results[`sum_${type}`])).toEqual(values);
      }
      await program.release();
    });

    it('names its inputs and outputs, and asks for no input that no output needs', async () => {
      const graph = sumAndProduct();
      graph.input('unused', 'float32', [5]);
      const program = await engine.compile(graph);
      expect([...program.inputs].sort()).toEqual(['a', 'b']);
      expect([...program.outputs].sort()).toEqual(['product', 'sum']);
      expect(Object.keys(await program.run({ a: pair(), b: pair() })).sort()).toEqual(['product', 'sum']);
      await program.release();
    });

    it('gives inputs and constants out as they are', async () => {
      const graph = new Graph();
      graph.output('same', graph.input('x', 'float32', [2]));
      graph.output('known', graph.constant(float32([2], [7, 8])));
      const program = await engine.compile(graph);
      const results = await program.run({ x: pair() });
      expect([...toNumbers(results['same']), ...toNumbers(results['known'])]).toEqual([1, 2, 7, 8]);
      await program.release();
    });

    it('fetches the outputs asked for, and no others', async () => {
      const program = await engine.compile(sumAndProduct());
      const results = await program.run({ a: pair(), b: float32([2], [3, 5]) }, { fetch: ['product'] });
      expect(results).toEqual({ product: float32([2], [3, 10]) });
      await program.release();
    });

    it('runs a graph with a named length at any length', async () => {
      const graph = new Graph();
      graph.output('y', reduceSum(graph.input('x', 'float32', ['N', 2]), [1]));
      const program = await engine.compile(graph);
      const lengths = [3, 1, 2, 0];
      for (const length of lengths) {
        const x = float32([length, 2], Array.from({ length: 2 * length }).keys());
        const { y } = await program.run({ x });
        expect(y.shape).toEqual([length]);
        expect(toNumbers(y)).toEqual(Array.from({ length }, (_, row) => 4 * row + 1));
      }
      await program.release();
    });

    it('gives results that nothing overwrites later', async () => {
      const program = await engine.compile(sumAndProduct());
      const first = await program.run({ a: pair(), b: pair() });
      await program.run({ a: float32([2], [9, 9]), b: pair() });
      expect(toNumbers(first['sum'])).toEqual([2, 4]);
      await program.release();
    });

    it('holds copies, reads copies and overwrites', async () => {
      const mine = pair();
      const held = await engine.hold(mine);
      mine.data[0] = 50;
      const read = await held.read();
      expect(read).toEqual(pair());
      read.data[0] = 60;
      expect(await held.read()).toEqual(pair());
      const next = float32([2], [3, 4]);
      await held.write(next);
      next.data[0] = 70;
      expect(await held.read()).toEqual(float32([2], [3, 4]));
      await held.release();
    });

    it('refuses to overwrite a held tensor with one of another type or shape', async () => {
      const held = await engine.hold(pair());
      const wrong = /held float32 tensor of shape \[2\] cannot take a (int64|float32) tensor of shape \[[12]/;
      await expect(held.write(int64Vector([1, 2]))).rejects.toThrow(wrong);
      await expect(held.write(float32([1, 2], [1, 2]))).rejects.toThrow(wrong);
      expect(await held.read()).toEqual(pair());
      await held.release();
    });

    it('feeds held tensors, to several programs', async () => {
      const held = await engine.hold(pair());
      const [first, second] = [await engine.compile(sumAndProduct()), await engine.compile(sumAndProduct())];
      const sums = [await first.run({ a: held, b: held }), await second.run({ a: held, b: pair() })];
      for (const results of sums) expect(toNumbers(results['product'])).toEqual([1, 4]);
      await Promise.all([first.release(), second.release(), held.release()]);
    });

    it('writes outputs into held tensors and gives out the others', async () => {
      const program = await engine.compile(sumAndProduct());
      const sum = await engine.hold(float32([2], [0, 0]));
      const feeds = () => ({ a: pair(), b: float32([2], [3, 5]) });
      expect(await program.run(feeds(), { into: { sum } })).toEqual({ product: float32([2], [3, 10]) });
      expect(await program.run(feeds(), { into: { sum }, fetch: [] })).toEqual({});
      expect(await sum.read()).toEqual(float32([2], [4, 7]));
      await Promise.all([program.release(), sum.release()]);
    });

    it('updates a held tensor that it reads in the same run', async () => {
      const graph = new Graph();
      const [w, g] = [graph.input('w', 'float32', [2]), graph.input('g', 'float32', [2])];
      graph.output('next', sub(w, mul(g, 0.5)));
      const program = await engine.compile(graph);
      const held: HeldTensor = await engine.hold(pair());
      for (let step = 0; step < 3; step++) {
        await program.run({ w: held, g: float32([2], [1, -2]) }, { into: { next: held } });
      }
      expect(await held.read()).toEqual(float32([2], [-0.5, 5]));
      await Promise.all([program.release(), held.release()]);
    });

    it('gives the same bits again', async () => {
      const graph = new Graph();
      const x = graph.input('x', 'float32', [4, 32]);
      graph.output('y', softmax(matMul(x, graph.input('w', 'float32', [32, 8]))));
      const program = await engine.compile(graph);
      const waves = (length: number) => Array.from({ length }, (_, i) => Math.sin(i * i));
      const run = () => program.run({ x: float32([4, 32], waves(128)), w: float32([32, 8], waves(256)) });
      const first = await run();
      for (let again = 0; again < 5; again++) expect(await run()).toEqual(first);
      await program.release();
    });

    it('names the input that is missing, or of another type or shape', async () => {
      const program = await engine.compile(sumAndProduct(), { name: 'both' });
      await expect(program.run({ a: pair() })).rejects.toThrow(/'both'.*'b'.*float32\[2\].*not fed/);
      await expect(program.run({ a: pair(), b: int64Vector([1, 2]) })).rejects.toThrow(
        /'both'.*float32\[2\].*'b'.*int64\[2\]/,
      );
      const held = await engine.hold(float32([3], [1, 2, 3]));
      await expect(program.run({ a: held, b: pair() })).rejects.toThrow(/'both'.*float32\[2\].*'a'.*float32\[3\]/);
      await Promise.all([program.release(), held.release()]);
    });

    it('names the output that the program does not have', async () => {
      const program = await engine.compile(sumAndProduct(), { name: 'both' });
      const [feeds, held] = [{ a: pair(), b: pair() }, await engine.hold(pair())];
      const message = /'both' has no output 'ratio'; it has: sum, product/;
      await expect(program.run(feeds, { fetch: ['ratio'] })).rejects.toThrow(message);
      const into = { ratio: held };
      await expect(program.run({ a: pair(), b: pair() }, { into })).rejects.toThrow(message);
      await Promise.all([program.release(), held.release()]);
    });

    it('refuses at once a graph with an operator that it does not know', async () => {
      const graph = new Graph();
      const inputs = [graph.input('x', 'float32', [1])];
      const node = { op: 'Whiten', domain: 'com.example', inputs, attributes: [] };
      graph.output('y', graph.applyOpaque(node, [{ type: 'float32', shape: [1] }])[0]);
      await expect(engine.compile(graph, { name: 'odd' })).rejects.toThrow(/refuses the graph of 'odd'.*Whiten/);
    });

    it('refuses to run a program that has been released', async () => {
      const program = await engine.compile(sumAndProduct(), { name: 'gone' });
      await program.release();
      await expect(program.run({ a: pair(), b: pair() })).rejects.toThrow(/'gone' has been released/);
    });
  });
}
