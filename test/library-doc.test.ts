import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../src/graph/builder/graph.ts';
import { constantOf } from '../src/graph/builder/value.ts';
import { importModel } from '../src/graph/import/import-model.ts';
import { mobileNetwork } from './fixtures/foreign-networks.ts';
import { makePictures } from './fixtures/make-pictures.ts';

const root = path.resolve(import.meta.dirname, '..');
const run = promisify(execFile);
let folder: string;
let page: string;

beforeAll(async () => {
  page = await readFile(path.join(root, 'docs/library.md'), 'utf8');
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-library-'));
  await makePictures(path.join(folder, 'pictures'));
  const [first] = (await readdir(path.join(folder, 'pictures'))).sort();
  const [one, two] = (await readdir(path.join(folder, 'pictures', first))).sort();
  for (const [name, source] of [
    ['a.jpg', one],
    ['b.jpg', two],
    ['query.jpg', one],
  ]) {
    await cp(path.join(folder, 'pictures', first, source), path.join(folder, name));
  }
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(root, path.join(folder, 'node_modules', 'deep-lookalike'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('docs/library.md', () => {
  it('has examples that run one behind the other', async () => {
    const blocks = [...page.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code);
    expect(blocks).toHaveLength(9);
    const code = blocks.join('\n').replace('heldOut: 0.2 }', 'heldOut: 0.2, steps: 3, evaluateEveryEpochs: 1 }');
    expect(code).toContain('steps: 3');
    await writeFile(path.join(folder, 'example.mjs'), code);
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: folder });
    expect(stdout).toMatch(/^held out (0\.\d+|[01])$/m);
    expect(stdout).toContain('\ntrue\n');
    expect(stdout).toContain('3 [ 0, 1, 2 ]');
    expect(stdout).toContain('low:');
    // The first relevant neighbour is the second of two: 0, 1, and (0 + 1/2) / 2.
    expect(stdout).toContain('\n0 1 0.25\n');
    // 1 + the root of 2 - 2.
    expect(stdout).toContain('\nhinge 0.414 [ 3, 2 ]\n');
    expect(stdout).toMatch(/^store true \S+$/m);
    expect(stdout).toContain('\n8 8 192\n');
    expect(stdout).toContain('\nusage choices.learning_rate learningRate\n');
  });

  it('names every function and class that an entry exports, docs/graph.md those of the graph, and imports no other', async () => {
    const graph = await readFile(path.join(root, 'docs/graph.md'), 'utf8');
    const { exports }: { exports: Record<string, string | object> } = JSON.parse(
      await readFile(path.join(root, 'package.json'), 'utf8'),
    );
    const entries = Object.entries(exports).flatMap(([entry, target]) =>
      typeof target === 'string' ? [] : [path.posix.join('deep-lookalike', entry).replace(/\/$/, '')],
    );
    expect(entries).toHaveLength(7);
    const list = `const entries = ${JSON.stringify(entries)};
      const names = await Promise.all(entries.map(async (entry) => [entry, Object.keys(await import(entry))]));
      console.log(JSON.stringify(Object.fromEntries(names)))`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', list], { cwd: folder });
    const exported: Record<string, string[]> = JSON.parse(stdout);
    for (const entry of entries) {
      const text = entry === 'deep-lookalike/graph' ? graph : page;
      const named = new Set([...text.matchAll(/`(\w+)/g)].map(([, name]) => name));
      const inCode = [...text.matchAll(/import \{ ([^}]*) \} from '([^']+)'/g)]
        .filter(([, , from]) => from === entry)
        .flatMap(([, names]) => names.split(', '));
      expect(exported[entry].length, entry).toBeGreaterThan(0);
      expect(
        exported[entry].filter((name) => !named.has(name)),
        entry,
      ).toEqual([]);
      expect(
        inCode.filter((name) => !exported[entry].includes(name)),
        entry,
      ).toEqual([]);
    }
  });
});

describe('docs/graph.md', () => {
  it('has a linear regression that finds the line', async () => {
    const text = await readFile(path.join(root, 'docs/graph.md'), 'utf8');
    const [[, code]] = [...text.matchAll(/^```js\n([\s\S]*?)^```/gm)];
    await writeFile(path.join(folder, 'regression.mjs'), code);
    const { stdout } = await run(process.execPath, ['regression.mjs'], { cwd: folder });
    // y = 2 x + 1 on all four points.
    expect(stdout).toBe('2.00 1.00\ntrue\n');
  });

  it('fine-tunes an ONNX file in forty lines, and writes it', async () => {
    const text = await readFile(path.join(root, 'docs/graph.md'), 'utf8');
    const [, [, code]] = [...text.matchAll(/^```js\n([\s\S]*?)^```/gm)];
    const lines = code.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('/**'));
    expect(lines.length).toBeLessThanOrEqual(41);
    const file = mobileNetwork({ size: 16 });
    await writeFile(path.join(folder, 'network.onnx'), file);
    await writeFile(path.join(folder, 'tune.mjs'), code);
    const { stdout } = await run(process.execPath, ['tune.mjs'], { cwd: folder });
    const [first, last] = stdout.trim().split('\n').map(Number);
    expect(first).toBeGreaterThan(1);
    expect(last).toBeLessThan(first / 2);
    const [before, after] = [importModel(file), importModel(await readFile(path.join(folder, 'tuned.onnx')))];
    expect(after.nodes.map(({ op }) => op)).toEqual(before.nodes.map(({ op }) => op));
    expect(after.inputs.map(({ name, shape }) => ({ name, shape }))).toEqual([
      { name: 'image', shape: ['N', 3, 16, 16] },
    ]);
    // Kernels and matrices have learnt; everything else is the file's.
    const tensors = (graph: Graph) =>
      new Map(graph.constants.map((constant) => [constant.name, constantOf(constant)] as const));
    const tuned = tensors(after);
    let learnt = 0;
    for (const [name, tensor] of tensors(before)) {
      if (tensor?.type !== 'float32' || tensor.shape.length < 2) expect(tuned.get(name), name).toEqual(tensor);
      else if (String(tuned.get(name)?.data) !== String(tensor.data)) learnt++;
    }
    expect(learnt).toBeGreaterThan(5);
  });
});
