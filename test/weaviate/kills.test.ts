import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { WeaviateNodes } from '../../tools/weaviate/cluster.mjs';
import { killRounds } from './kill-rounds.ts';

const results = new URL('../../bench/results/', import.meta.url);
const rounds = Number(process.env.LOOKALIKE_KILL_ROUNDS ?? 10);

describe.each([
  { count: 3, port: 21_200, rows: 1000 },
  { count: 5, port: 21_300, rows: 400 },
])('$count nodes of Weaviate, killed in turn under load', ({ count, port, rows }) => {
  const nodes = new WeaviateNodes({ nodes: count, port });
  afterAll(() => nodes.stop({ wipe: true }));

  it('have after verify all that was acknowledged, once, found through each node', async () => {
    await nodes.start();
    const log = (line: string) => process.stdout.write(`${line}\n`);
    const report = await killRounds(nodes, { rounds, rows, dimension: 128, seed: 7, log });
    mkdirSync(results, { recursive: true });
    const file = new URL(`weaviate-kills-${count}.json`, results);
    writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), rounds, ...report }, undefined, 2)}\n`);
    const right = { lost: 0, doubled: 0, resurrected: 0, undone: 0, notFound: 0 };
    expect(report.after).toEqual(Object.fromEntries(Object.keys(report.after).map((node) => [node, right])));
    expect(Object.keys(report.after)).toHaveLength(count);
    expect(report.recallAfter).toBe(1);
  });
});
