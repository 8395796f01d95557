import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { engineContract } from '../src/engines/engine.contract.ts';
import { Graph } from '../src/graph/builder/graph.ts';
import { add, matMul, mul, reduceSum } from '../src/graph/builder/operations.ts';
import { float32, type Tensor, tensor } from '../src/graph/tensor/tensor.ts';

// The built files: a thread cannot load TypeScript.
const built = path.join(import.meta.dirname, '../dist/engines/worker/worker-engine.js');
const { WorkerEngine } = (await import(
  pathToFileURL(built).href
)) as typeof import('../src/engines/worker/worker-engine.ts');

engineContract('WorkerEngine', () => WorkerEngine.create());

const engine = await WorkerEngine.create({ threads: 1 });
afterAll(() => engine.close());

/** `sum = a + b` and `double = 2 a`. */
function sumGraph(): Graph {
  const graph = new Graph();
  const a = graph.input('a', 'float32', [3]);
  graph.output('sum', add(a, graph.input('b', 'float32', [3])));
  graph.output('double', mul(a, 2));
  return graph;
}

/** Runs a script that sees WorkerEngine and a compiled `program` of two square matrices of ones, `y = a b`. */
function runScript(script: string) {
  const source = (file: string) => JSON.stringify(pathToFileURL(path.join(import.meta.dirname, '../dist', file)).href);
  const prelude = `
    import { WorkerEngine } from ${source('engines/worker/worker-engine.js')};
    import { Graph } from ${source('graph/builder/graph.js')};
    import { matMul } from ${source('graph/builder/operations.js')};
    const engine = await WorkerEngine.create({ threads: 1 });
    const graph = new Graph();
    const size = 512;
    const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [size, size]));
    graph.output('y', matMul(a, b));
    const ones = () => ({ type: 'float32', shape: [size, size], data: new Float32Array(size * size).fill(1) });
    const program = await engine.compile(graph);
  `;
  const node = ['--input-type=module', '-e', prelude + script];
  return spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 30_000 });
}

describe('WorkerEngine', () => {
  it('says what it is', () => {
    expect(engine.description).toMatch(/^onnxruntime .*, cpu, 1 threads, in a thread of its own$/);
  });

  it('takes the memory of what it is fed, and only that', async () => {
    const program = await engine.compile(sumGraph());
    const whole = float32([3], [1, 2, 3]);
    const shared = Float32Array.of(0, 10, 20, 30, 40);
    const view = tensor('float32', [3], shared.subarray(1, 4));
    const results = await program.run({ a: whole, b: view });
    expect(results).toEqual({ sum: float32([3], [11, 22, 33]), double: float32([3], [2, 4, 6]) });
    expect(whole.data.length).toBe(0);
    expect([...shared]).toEqual([0, 10, 20, 30, 40]);
    await expect(program.run({ a: whole, b: float32([3], [1, 2, 3]) })).rejects.toThrow(
      /^'a', float32\[3\], has no elem/,
    );
    await program.release();
  });

  it('gives results that can be fed again', async () => {
    const program = await engine.compile(sumGraph());
    let value: Tensor = float32([3], [1, 2, 3]);
    for (let i = 0; i < 5; i++) value = (await program.run({ a: value, b: float32([3], [0, 0, 0]) })).double;
    expect(value).toEqual(float32([3], [32, 64, 96]));
    await program.release();
  });

  it('copies what it holds', async () => {
    const value = float32([2], [1, 2]);
    const held = await engine.hold(value);
    const other = float32([2], [5, 6]);
    await held.write(other);
    expect([...value.data, ...other.data]).toEqual([1, 2, 5, 6]);
    expect(await held.read()).toEqual(other);
    expect(await held.read()).toEqual(other);
    await held.release();
    await expect(held.read()).rejects.toThrow('the held tensor has been released');
  });

  it('takes calls in order, without waiting for answers', async () => {
    const program = await engine.compile(sumGraph());
    const held = await engine.hold(float32([3], [1, 1, 1]));
    const answers: Promise<unknown>[] = [];
    for (let i = 0; i < 10; i++) answers.push(program.run({ a: held, b: held }, { into: { sum: held }, fetch: [] }));
    answers.push(held.read());
    answers.push(held.write(float32([3], [7, 7, 7])));
    answers.push(held.read());
    const done = await Promise.all(answers);
    expect(done[10]).toEqual(float32([3], [1024, 1024, 1024]));
    expect(done[12]).toEqual(float32([3], [7, 7, 7]));
    await program.release();
  });

  it('leaves the calling thread free while it runs', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [700, 700]);
    let y = x;
    for (let i = 0; i < 40; i++) y = mul(matMul(y, x), 1e-3);
    graph.output('sum', reduceSum(y));
    const program = await engine.compile(graph);
    const feed = float32([700, 700], new Float32Array(700 * 700));
    let ended = false;
    let turns = 0;
    const run = program.run({ x: feed }).then(() => {
      ended = true;
    });
    while (!ended) {
      await new Promise(setImmediate);
      turns++;
    }
    await run;
    expect(turns).toBeGreaterThan(100);
    await program.release();
  });

  it('runs graphs whose lengths are known only when they run', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 2]);
    graph.output('y', mul(x, 2));
    const program = await engine.compile(graph);
    expect(await program.run({ x: float32([2, 2], [1, 2, 3, 4]) })).toEqual({ y: float32([2, 2], [2, 4, 6, 8]) });
    expect(await program.run({ x: float32([0, 2], []) })).toEqual({ y: float32([0, 2], []) });
    await program.release();
  });

  it('passes on what is wrong, and goes on', async () => {
    const program = await engine.compile(sumGraph(), { name: 'sum' });
    const b = () => float32([3], [1, 2, 3]);
    await expect(program.run({ b: b() })).rejects.toThrow(
      "program 'sum' needs its input 'a' (float32[3]); it was not fed",
    );
    await expect(program.run({ a: b(), b: b() }, { fetch: ['none'] })).rejects.toThrow("'sum' has no output 'none'");
    const second = await WorkerEngine.create();
    const foreign = await second.hold(b());
    await expect(program.run({ a: foreign, b: b() })).rejects.toThrow("'a' is a tensor held by another engine");
    await second.close();
    await expect(foreign.read()).rejects.toThrow('the engine has been closed');
    await second.close();
    expect((await program.run({ a: b(), b: b() })).sum).toEqual(float32([3], [2, 4, 6]));
    await program.release();
    await expect(program.run({ a: b(), b: b() })).rejects.toThrow("program 'sum' has been released");
  });

  it('finishes what was asked before it was closed', async () => {
    const short = await WorkerEngine.create();
    const program = await short.compile(sumGraph());
    const run = program.run({ a: float32([3], [1, 2, 3]), b: float32([3], [1, 2, 3]) });
    await short.close();
    expect((await run).sum).toEqual(float32([3], [2, 4, 6]));
  });

  it.each([
    ['has been closed', 'await engine.close(); console.log("closed");', 'closed\n'],
    ['is idle', 'console.log((await program.run({ a: ones(), b: ones() })).y.data[5]);', '512\n'],
    [
      'is busy, until it has answered',
      'program.run({ a: ones(), b: ones() }).then((r) => console.log(r.y.data[5]));',
      '512\n',
    ],
  ])('lets the process end when it %s', (_, script, printed) => {
    const { status, stdout, stderr } = runScript(script);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: printed, stderr: '' });
  });

  it('prints nothing itself when a run fails: its words come with the error', () => {
    const { status, stdout, stderr } = runScript(`
      const { gather } = await import(${JSON.stringify(pathToFileURL(path.join(import.meta.dirname, '../dist/graph/builder/operations.js')).href)});
      const picking = new Graph();
      const place = picking.input('place', 'int64', [1]);
      picking.output('picked', gather(picking.input('from', 'float32', [3]), place, 0));
      const failing = await engine.compile(picking);
      const from = { type: 'float32', shape: [3], data: new Float32Array(3) };
      const nowhere = { type: 'int64', shape: [1], data: BigInt64Array.of(77n) };
      await failing.run({ from, place: nowhere }).catch((error) => console.log(error.message));
    `);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/idx=77/);
  });
});
