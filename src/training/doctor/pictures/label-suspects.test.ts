import { describe, expect, it } from 'vitest';
import { ReferenceEngine } from '../../../../test/oracles/reference/reference-engine.ts';
import { nearestNeighbours } from '../../../evaluation/neighbours/nearest-neighbours.ts';
import type { NeighbourBlock } from '../../../evaluation/neighbours/neighbour-block.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { findLabelSuspects, suspectNeighbours } from './label-suspects.ts';

const perClass = 12;
const classes = 5;
const dimension = 6;
const engine = new ReferenceEngine();

/** Clouds of points, one a class, `width` wide, their centres about 1.4 apart. */
function clouds(width: number): Float32Array {
  const random = RandomSource.fromSeed(5, 'clouds');
  return Float32Array.from({ length: classes * perClass * dimension }, (_, at) => {
    const label = Math.floor(at / dimension / perClass);
    return (at % dimension === label ? 1 : 0) + width * random.normal();
  });
}

const rows = Array.from({ length: classes * perClass }, (_, row) => 100 + row);
const trueLabel = (row: number) => Math.floor(row / perClass);

async function suspects(width: number, labelOf: (row: number) => number) {
  const blocks: NeighbourBlock[] = [];
  const options = { k: suspectNeighbours, engine };
  for await (const block of nearestNeighbours({ data: clouds(width), dimension }, options)) blocks.push(block);
  const labels = [...new Array(100).fill(-1), ...rows.map((_, row) => labelOf(row))];
  return findLabelSuspects(
    { labels, idOf: (image) => `image ${image}`, classOf: (label) => `class ${label}` },
    rows,
    blocks,
  );
}

describe('findLabelSuspects', () => {
  it('lists the images whose label was changed, and no other', async () => {
    const changed = new Map([
      [3, 4],
      [20, 0],
      [41, 1],
    ]);
    const found = await suspects(0.08, (row) => changed.get(row) ?? trueLabel(row));
    expect(found?.images.map(({ ids }) => ids[0]).sort()).toEqual(['image 103', 'image 120', 'image 141']);
    expect(found?.images.find(({ ids }) => ids[0] === 'image 103')?.note).toMatch(
      /^labelled class 4; (9|10) of 10 neighbours are class 0$/,
    );
    expect(found?.numbers['suspects']).toBe(3);
    expect(found?.seen).toMatch(/^3 of 60 pictures \(5%\) have neighbours/);
  });

  it('finds nothing among right labels, well apart or overlapping', async () => {
    for (const width of [0.08, 0.2]) expect(await suspects(width, trueLabel)).toBeUndefined();
  });

  it('does not judge by embeddings that cannot, nor take a class for wrong as a whole', async () => {
    const random = RandomSource.fromSeed(1, 'labels');
    const nonsense = rows.map(() => random.integer(classes));
    expect(await suspects(0.08, (row) => nonsense[row])).toBeUndefined();
    // Half of class 0 is of class 5, which looks the same: a confusion, not six wrong labels.
    expect(await suspects(0.08, (row) => (row < 5 ? 5 : trueLabel(row)))).toBeUndefined();
  });

  it('says nothing about classes of one image', async () => {
    expect(await suspects(0.08, (row) => (row === 7 ? 9 : trueLabel(row)))).toBeUndefined();
  });
});
