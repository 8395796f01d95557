import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as client from '../src/client.ts';
import * as evaluation from '../src/evaluation.ts';
import * as graph from '../src/graph.ts';
import * as images from '../src/images.ts';
import * as main from '../src/index.ts';
import * as losses from '../src/losses.ts';
import * as stores from '../src/stores.ts';

const source = path.resolve(import.meta.dirname, '../src');
const entries: readonly Record<string, unknown>[] = [main, graph, evaluation, losses, stores, images, client];

/** What the prototype of an exported class has; undefined for what is no class. */
const prototypeOf = (exported: unknown): object | undefined =>
  typeof exported === 'function' ? exported.prototype : undefined;

describe('what is closed', () => {
  it('can be closed by await using: every exported class with close()', () => {
    const closing = entries.flatMap((entry) =>
      Object.entries(entry).filter(([, exported]) => {
        const prototype = prototypeOf(exported);
        return prototype !== undefined && 'close' in prototype;
      }),
    );
    expect(new Set(closing.map(([name]) => name))).toEqual(
      new Set(['Explainer', 'OnnxruntimeEngine', 'PreparationPool', 'WorkerEngine']),
    );
    const without = closing.filter(([, exported]) => !(Symbol.asyncDispose in (prototypeOf(exported) ?? {})));
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('has both in every class of ours', () => {
    const classes = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => ({ name, text: readFileSync(path.join(source, name), 'utf8') }))
      .filter(({ text }) => /^ {2}(async )?close\(\)[^;]*\{/m.test(text) && /^(export )?class /m.test(text));
    const names = classes.map(({ name }) => path.basename(name));
    expect(names).toEqual(expect.arrayContaining(['embedder.ts', 'catalogue.ts', 'opened-store.ts']));
    expect(classes.length).toBeGreaterThan(10);
    expect(classes.filter(({ text }) => !text.includes('[Symbol.asyncDispose]()')).map(({ name }) => name)).toEqual([]);
  });

  it('is closed at the end of the block', async () => {
    const graphOfOne = new graph.Graph();
    graphOfOne.output('y', graph.relu(graphOfOne.input('x', 'float32', [1])));
    const kept: graph.Program[] = [];
    {
      await using engine = await graph.OnnxruntimeEngine.create({ threads: 1 });
      kept.push(await engine.compile(graphOfOne));
      expect(await kept[0].run({ x: graph.float32([1], [-1]) })).toBeDefined();
    }
    await expect(kept[0].run({ x: graph.float32([1], [-1]) })).rejects.toThrow(/closed|released/);
  });
});
