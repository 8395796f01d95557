import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { EmbeddingTable } from './embedding-table.ts';
import { type NearestNeighboursOptions, nearestNeighbours } from './nearest-neighbours.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

interface Neighbour {
  readonly row: number;
  readonly distance: number;
}

/** Every distance in float64, sorted; equal ones by row. */
function nearestNeighboursBruteForce(gallery: EmbeddingTable, k: number, queries?: EmbeddingTable): Neighbour[][] {
  const { dimension } = gallery;
  const asking = queries ?? gallery;
  const rowsOf = (table: EmbeddingTable) => Array.from({ length: table.data.length / dimension }, (_, row) => row);
  return rowsOf(asking).map((query) =>
    rowsOf(gallery)
      .filter((row) => queries !== undefined || row !== query)
      .map((row) => {
        let sum = 0;
        for (let d = 0; d < dimension; d++) {
          sum += (asking.data[query * dimension + d] - gallery.data[row * dimension + d]) ** 2;
        }
        return { row, distance: Math.sqrt(sum) };
      })
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, k),
  );
}

async function nearest(
  gallery: EmbeddingTable,
  options: Omit<NearestNeighboursOptions, 'engine'>,
  queries?: EmbeddingTable,
): Promise<Neighbour[][]> {
  const found: Neighbour[][] = [];
  for await (const block of nearestNeighbours(gallery, { ...options, engine }, queries)) {
    expect(block.firstQuery).toBe(found.length);
    for (let row = 0; row < block.queryCount; row++) {
      found.push(
        Array.from({ length: block.k }, (_, place) => ({
          row: block.indexes[row * block.k + place],
          distance: block.distances[row * block.k + place],
        })),
      );
    }
  }
  return found;
}

function randomTable(rows: number, dimension: number, seed: number): EmbeddingTable {
  const random = RandomSource.fromSeed(seed);
  return { data: Float32Array.from({ length: rows * dimension }, () => random.normal()), dimension };
}

function expectSame(found: Neighbour[][], expected: Neighbour[][]): void {
  expect(found.map((list) => list.map(({ row }) => row))).toEqual(expected.map((list) => list.map(({ row }) => row)));
  for (const [query, list] of expected.entries()) {
    for (const [place, { distance }] of list.entries()) {
      expect(Math.abs(found[query][place].distance - distance)).toBeLessThan(1e-5);
    }
  }
}

describe('nearestNeighbours', () => {
  const table = randomTable(83, 7, 1);

  it.each([1, 5, 82])('finds what comparing all pairs finds, k = %i, blocks of any size', async (k) => {
    const expected = nearestNeighboursBruteForce(table, k);
    for (const blockRows of [1, 16, 83, 200]) expectSame(await nearest(table, { k, blockRows }), expected);
    expectSame(await nearest(table, { k }), expected);
  });

  it('finds neighbours of other queries, and a gallery row may be its own copy', async () => {
    const queries = {
      data: Float32Array.from([...randomTable(9, 7, 2).data, ...table.data.subarray(0, 7)]),
      dimension: 7,
    };
    const found = await nearest(table, { k: 4, blockRows: 4 }, queries);
    expect(found.length).toBe(10);
    expect(found[9][0].row).toBe(0);
    // What cancels in the expanded form is lost: a copy comes out at the root of about 1e-6, not at 0.
    expect(found[9][0].distance).toBeLessThan(3e-3);
    expectSame(found.slice(0, 9), nearestNeighboursBruteForce(table, 4, queries).slice(0, 9));
  });

  it('ranks copies by row, and strikes out only the query itself', async () => {
    // Whole numbers: float32 has them exactly, so that distances tie exactly.
    const copies = { data: Float32Array.of(1, 1, 1, 1, 2, 0), dimension: 1 };
    expectSame(await nearest(copies, { k: 5 }), nearestNeighboursBruteForce(copies, 5));
    expectSame(await nearest(copies, { k: 2 }), nearestNeighboursBruteForce(copies, 2));
    const all = { data: new Float32Array(6), dimension: 1 };
    expectSame(await nearest(all, { k: 1 }), nearestNeighboursBruteForce(all, 1));
  });

  it('gives all others where fewer are there than asked for', async () => {
    const three = { data: Float32Array.of(0, 1, 3), dimension: 1 };
    expectSame(await nearest(three, { k: 50 }), nearestNeighboursBruteForce(three, 50));
    expect(await nearest({ data: Float32Array.of(1, 2), dimension: 2 }, { k: 3 })).toEqual([]);
    expect(await nearest({ data: new Float32Array(0), dimension: 2 }, { k: 3 })).toEqual([]);
  });

  it('releases what it holds, also when its reader stops early', async () => {
    let open = 0;
    const counting: Engine = {
      description: 'counting',
      close: () => engine.close(),
      [Symbol.asyncDispose]: async () => undefined,
      compile: async (graph, options) => {
        open++;
        const program = await engine.compile(graph, options);
        return {
          inputs: program.inputs,
          outputs: program.outputs,
          run: (feeds, runOptions) => program.run(feeds, runOptions),
          release: async () => {
            open--;
            await program.release();
          },
        };
      },
      hold: async (value) => {
        open++;
        const held = await engine.hold(value);
        const release = held.release.bind(held);
        return Object.assign(held, {
          release: async () => {
            open--;
            await release();
          },
        });
      },
    };
    for await (const { firstQuery } of nearestNeighbours(table, { k: 1, engine: counting, blockRows: 10 })) {
      expect(open).toBe(3);
      if (firstQuery === 20) break;
    }
    expect(open).toBe(0);
  });

  it.each([
    [{ data: Float32Array.of(1, 2, 3), dimension: 2 }, 1, 'gallery: 3 numbers are not whole rows of 2'],
    [{ data: Float32Array.of(1, 2), dimension: 0 }, 1, 'the dimension must be a whole number of at least 1, got 0'],
    [{ data: Float32Array.of(1, 2, 3, Number.NaN), dimension: 2 }, 1, 'gallery: row 1 holds NaN at place 1'],
    [
      { data: Float32Array.of(1, 2), dimension: 1 },
      0,
      'k: a whole number of at least 1 is expected; this is the number 0',
    ],
  ])('refuses %o, k = %i', async (gallery, k, message) => {
    await expect(nearest(gallery, { k })).rejects.toThrow(message);
  });

  it('refuses queries of another dimension', async () => {
    const queries = { data: new Float32Array(6), dimension: 6 };
    await expect(nearest(table, { k: 1 }, queries)).rejects.toThrow('queries have 6 dimensions, the gallery 7');
  });
});
