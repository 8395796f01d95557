import { describe, expect, it } from 'vitest';
import { smallNetwork } from '../../../test/support/small-run.ts';
import { vgg16Network } from '../../../test/support/vgg16-network.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { lowResolutionPath, meanPools } from './low-resolution-path.ts';
import { pathGeometries } from './multi-scale.ts';
import type { NetworkConfig } from './network-config.ts';
import { TrainingScope } from './network-scope.ts';
import type { PathGeometry } from './path-geometry.ts';

function buildPath(geometry: PathGeometry, width: number, height: number): Value {
  const scope = new TrainingScope(new Graph(), false);
  return lowResolutionPath(
    scope,
    'path1',
    meanPools(scope.graph.input('image', 'float32', [2, 3, height, width])),
    geometry,
  );
}

/** Height and width behind every node that changes them, and the length of the path's result. */
function sizes(path: Value): (number | string)[][] {
  const lengths = path.graph.nodes
    .filter(({ op }) => ['AveragePool', 'Conv', 'MaxPool'].includes(op))
    .map(({ op, outputs: [{ shape }] }) => [op, ...shape.slice(2)]);
  return [...lengths, path.shape.slice(1)];
}

const configs: readonly (readonly [string, NetworkConfig])[] = [
  ["the paper's", vgg16Network(225, { paths: 'subsampled' })],
  ["the article's", vgg16Network(224)],
  ["the small network's at 64", smallNetwork(64)],
  ["the small network's at 28", smallNetwork(28)],
];

describe('low-resolution paths', () => {
  it("have the paper's shapes at 225: 57, 15, 4 and 29, 8, 4, of 96 filters", () => {
    const [first, second] = pathGeometries(vgg16Network(225, { paths: 'subsampled' }));
    expect(sizes(buildPath(first, 225, 225))).toEqual([
      ['AveragePool', 57, 57],
      ['Conv', 15, 15],
      ['MaxPool', 4, 4],
      [96 * 4 * 4],
    ]);
    expect(sizes(buildPath(second, 225, 225))).toEqual([
      ['AveragePool', 29, 29],
      ['Conv', 8, 8],
      ['MaxPool', 4, 4],
      [96 * 4 * 4],
    ]);
  });

  it("have the article's shapes at 224: 14, 4 and 7, 4, without a mean-pool and without a ReLU", () => {
    const [first, second] = pathGeometries(vgg16Network(224)).map((geometry) => buildPath(geometry, 224, 224));
    expect(sizes(first)).toEqual([['Conv', 14, 14], ['MaxPool', 4, 4], [96 * 4 * 4]]);
    expect(sizes(second)).toEqual([['Conv', 7, 7], ['MaxPool', 4, 4], [96 * 4 * 4]]);
    for (const { graph } of [first, second]) expect(graph.nodes.some(({ op }) => op === 'Relu')).toBe(false);
  });

  it('of the small network end in 4 x 4 and 2 x 2 places of 48 filters, at 64 and at 28', () => {
    for (const side of [64, 28]) {
      const paths = pathGeometries(smallNetwork(side)).map((geometry) => buildPath(geometry, side, side));
      expect(paths.map(({ shape }) => shape)).toEqual([
        [2, 48 * 4 * 4],
        [2, 48 * 2 * 2],
      ]);
    }
  });

  it('are none, if the configuration says so', () => {
    expect(pathGeometries(smallNetwork(64, { paths: 'none' }))).toEqual([]);
  });

  it.each(configs)('need pictures that the error names: %s', (_, config) => {
    const geometries = pathGeometries(config);
    expect(geometries).toHaveLength(2);
    for (const geometry of geometries) {
      const smallest = geometry.subsample * geometry.stride + 1;
      // It is enough: the convolution has two places on each axis for the pool to choose from.
      expect(sizes(buildPath(geometry, smallest, smallest))).toContainEqual(['Conv', 2, 2]);
      const message = new RegExp(`'path1' .* to one place: both sides need at least ${smallest} pixels`);
      expect(() => buildPath(geometry, smallest - 1, smallest)).toThrow(message);
      expect(() => buildPath(geometry, smallest, smallest - 1)).toThrow(message);
      expect(() => buildPath(geometry, smallest - 1, smallest)).toThrow(`of ${smallest - 1} x ${smallest} to`);
    }
  });
});
