import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxruntimeEngine } from '../../../engines/onnxruntime/onnxruntime-engine.ts';
import { evaluateEmbeddings } from '../../../evaluation/reports/evaluate-embeddings.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { mappedRows } from '../../../ranking/closed-forms/closed-form.ts';
import { matrix, rowsAt, unitRows } from '../../../ranking/closed-forms/matrix.ts';
import { MatrixProducts } from '../../../ranking/closed-forms/matrix-products.ts';
import { fitHead } from './fit-head.ts';

const [classes, each, dimension] = [24, 6, 16];
const labels = Array.from({ length: classes * each }, (_, row) => Math.floor(row / each));

/** Rows whose classes differ in the first axes, while pictures of a class differ more in the others. */
function embeddings() {
  const random = RandomSource.fromSeed(3, 'embeddings');
  const centres = Array.from({ length: classes * dimension }, (_, place) =>
    place % dimension < 6 ? random.normal() : 0,
  );
  const rows = matrix(labels.length, dimension);
  for (let place = 0; place < rows.data.length; place++) {
    const [row, axis] = [Math.floor(place / dimension), place % dimension];
    rows.data[place] = centres[labels[row] * dimension + axis] + (axis < 6 ? 0.3 : 2) * random.normal();
  }
  return matrix(rows.rows, dimension, Float64Array.from(unitRows(rows)));
}

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const options = () => ({
  engine,
  steps: 20,
  seed: 1,
  signal: new AbortController().signal,
  onStep: () => undefined,
  onFoldStep: () => undefined,
});

describe('fitHead', () => {
  it('finds more of classes that it has not seen, and says by which choices', async () => {
    const rows = embeddings();
    const learnt = labels.flatMap((label, row) => (label < 18 ? [row] : []));
    const unseen = labels.flatMap((label, row) => (label < 18 ? [] : [row]));
    const [steps, folds]: number[][] = [[], []];
    const {
      map,
      remarks,
      unseen: byFolds,
    } = await fitHead({
      ...options(),
      rows: rowsAt(rows, learnt),
      labels: learnt.map((row) => labels[row]),
      onStep: (step, of, loss) => {
        expect([of, Number.isFinite(loss)]).toEqual([20, true]);
        steps.push(step);
      },
      onFoldStep: (step) => void folds.push(step),
    });
    await using products = new MatrixProducts(engine);
    const mapAtR = async (vectors: Float32Array) =>
      (await evaluateEmbeddings({ embeddings: vectors, dimension, labels, engine, queries: unseen })).measures.mapAtR
        .value;
    const before = await mapAtR(Float32Array.from(rows.data));
    const after = await mapAtR(unitRows(await mappedRows(products, rows, map)));
    expect(after).toBeGreaterThan(before + 0.1);
    expect(remarks[0]).toMatch(
      /closed form of the scatter within classes, shrunk by 0\.[25]: by folds, MAP@R \d+\.\d points more/,
    );
    // Every learnt picture once, by a head that had not learnt its class: better than before, not as good as one that had.
    expect([...byFolds.labels].sort((x, y) => x - y)).toEqual(learnt.map((row) => labels[row]));
    expect(byFolds.parts.reduce((sum, part) => sum + part, 0)).toBe(learnt.length);
    let first = 0;
    for (const count of byFolds.parts) {
      const inPart = byFolds.labels.slice(first, first + count);
      const outside = [...byFolds.labels.slice(0, first), ...byFolds.labels.slice(first + count)];
      expect(inPart.filter((label) => outside.includes(label))).toEqual([]);
      const part = byFolds.data.subarray(first * dimension, (first + count) * dimension);
      const own = learnt.filter((row) => inPart.includes(labels[row]));
      const asItWas = Float32Array.from(rowsAt(rows, own).data);
      const known = { dimension, engine };
      const after = await evaluateEmbeddings({ ...known, embeddings: part, labels: inPart });
      const before = await evaluateEmbeddings({ ...known, embeddings: asItWas, labels: own.map((row) => labels[row]) });
      expect(after.measures.mapAtR.value).toBeGreaterThan(before.measures.mapAtR.value);
      first += count;
    }
    expect(steps).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    expect(folds).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
  });

  it('leaves an embedding as it is that finds everything already', async () => {
    const random = RandomSource.fromSeed(4, 'all is well');
    const centres = Float64Array.from({ length: classes * dimension }, () => random.normal());
    const rows = matrix(labels.length, dimension);
    for (const [row, label] of labels.entries()) {
      for (let axis = 0; axis < dimension; axis++) {
        rows.data[row * dimension + axis] = centres[label * dimension + axis] + 0.01 * random.normal();
      }
    }
    const unit = matrix(rows.rows, dimension, Float64Array.from(unitRows(rows)));
    const { map, remarks } = await fitHead({ ...options(), rows: unit, labels });
    expect(remarks).toEqual([
      'The head begins as the embedding as it is: by folds, no closed form finds more.',
      'Training does not go beyond that: by folds, it finds no more.',
    ]);
    for (const [place, weight] of map.weight.data.entries()) {
      expect(weight).toBeCloseTo(place % (dimension + 1) === 0 ? 1 : 0, 9);
    }
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const stopped = fitHead({
      ...options(),
      rows: embeddings(),
      labels,
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});
