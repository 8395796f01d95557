import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { evaluateRows } from './evaluate-rows.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create();
});
afterAll(() => engine.close());

const random = RandomSource.fromSeed(3, 'judge rows');
const embeddings = Float32Array.from({ length: 40 * 4 }, () => random.normal());
const labels = Array.from({ length: 40 }, (_, row) => (row === 17 ? 99 : row % 7));

describe('evaluateRows', () => {
  it('says of some rows what it says of them among all', async () => {
    const all = await evaluateRows({ engine, embeddings, dimension: 4, labels });
    const some = [2, 5, 17, 30];
    const evaluated = await evaluateRows({ engine, embeddings, dimension: 4, labels, queries: some });
    expect(evaluated.queries).toEqual([2, 5, 30]);
    for (const [name, values] of evaluated.measures) {
      expect([...values]).toEqual(evaluated.queries.map((row) => all.measures.get(name)![all.queries.indexOf(row)]));
    }
  });

  it('judges nothing where every row is alone in its class', async () => {
    const { queries, measures } = await evaluateRows({
      engine,
      embeddings,
      dimension: 4,
      labels: labels.map((_, row) => row),
    });
    expect(queries).toEqual([]);
    expect(measures.get('recallAt1')!.length).toBe(0);
  });
});
