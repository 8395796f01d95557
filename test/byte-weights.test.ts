import { expect, it } from 'vitest';
import { RandomSource } from '../src/foundation/random/random-source.ts';
import { Graph } from '../src/graph/builder/graph.ts';
import { conv, flatten, gemm } from '../src/graph/builder/operations.ts';
import { type Tensor, tensor } from '../src/graph/tensor/tensor.ts';
import { inBytes } from '../tools/packaged-model/byte-weights.mjs';
import { runGraph } from './support/run-graph.ts';

const random = RandomSource.fromSeed(3, 'byte weights');

function drawn(shape: readonly number[], most = 1): Tensor {
  const made = tensor('float32', shape);
  // One row is a hundred times as large: each filter has a scale of its own.
  const row = made.data.length / shape[0];
  for (let place = 0; place < made.data.length; place++) {
    made.data[place] = random.between(-most, most) * (place < row ? 100 : 1);
  }
  return made as Tensor;
}

const numbers = ({ data }: Tensor): number[] => Array.from(data as ArrayLike<number>);

/** Every weight at the nearest of 255 steps of its own filter, by a plain loop. */
function nearestSteps(weight: Tensor): Tensor {
  const [filters] = weight.shape;
  const near = tensor('float32', weight.shape);
  const length = near.data.length / filters;
  for (let filter = 0; filter < filters; filter++) {
    let largest = 0;
    for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(Number(weight.data[filter * length + i])));
    const step = Math.fround(largest / 127);
    for (let i = 0; i < length; i++) {
      const place = filter * length + i;
      near.data[place] = Math.round(Number(weight.data[place]) / (largest / 127)) * step;
    }
  }
  return near as Tensor;
}

function network(filters: Tensor, picking: Tensor, map: Tensor): Graph {
  const graph = new Graph();
  const image = graph.input('image', 'float32', [2, 4, 5, 5]);
  const maps = conv(image, graph.constant(filters, 'filters'), undefined, {});
  const picked = conv(maps, graph.constant(picking, 'picking'), undefined, {});
  graph.output('embedding', gemm(flatten(picked), graph.constant(map, 'map'), undefined, { transB: 1 }));
  return graph;
}

it('keeps filters and linear maps as bytes with a scale a filter, and filters that only pick as they are', async () => {
  const [filters, map, image] = [drawn([16, 4, 3, 3]), drawn([6, 144]), drawn([2, 4, 5, 5])];
  const picking = tensor('float32', [16, 16, 1, 1]) as Tensor;
  for (let i = 0; i < 16; i++) picking.data[i * 17] = 1;

  const rewritten = inBytes(network(filters, picking, map));
  const stored = rewritten.constants.filter(({ type }) => type === 'int8').map(({ name, shape }) => ({ name, shape }));
  expect(stored).toEqual([
    { name: 'filters.bytes', shape: [16, 4, 3, 3] },
    { name: 'map.bytes', shape: [6, 144] },
  ]);

  const feeds = () => ({ image: tensor('float32', image.shape, image.data.slice() as never) as Tensor });
  const { embedding } = await runGraph(rewritten, feeds());
  const { embedding: expected } = await runGraph(network(nearestSteps(filters), picking, nearestSteps(map)), feeds());
  const { embedding: exact } = await runGraph(network(filters, picking, map), feeds());
  const largest = Math.max(...numbers(expected).map(Math.abs));
  const apart = (other: Tensor) => {
    const others = numbers(other);
    return Math.max(...numbers(embedding).map((value, place) => Math.abs(value - others[place])));
  };
  expect(apart(expected) / largest).toBeLessThan(1e-5);
  // Rounding shows, so that the weights are not the ones that they were.
  expect(apart(exact) / largest).toBeGreaterThan(1e-4);
});
