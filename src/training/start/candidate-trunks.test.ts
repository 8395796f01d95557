import { describe, expect, it } from 'vitest';
import { packagedModel } from '../../foundation/packaged-model.ts';
import { chooseTrunk } from '../planning/open-trunk.ts';
import { candidateTrunks } from './candidate-trunks.ts';

describe('candidateTrunks', () => {
  it("goes on from a model of ours by its embedding, by its network's last map with each pooling, and by residual sums before it, one also as a grid", async () => {
    const { trunk } = await chooseTrunk({ file: packagedModel }, { augmented: false, suggestCut: true });
    const candidates = candidateTrunks(trunk, false);
    const poolings = candidates.map(({ trunk: { config, axes } }) =>
      axes.places.length === 0 ? 'vector' : config.pooling,
    );
    expect(poolings).toEqual(['vector', 'mean', 'generalized-mean', 'mean', 'mean', 'mean', 'mean', 'grid']);
    expect(candidates[7].trunk.cut).toBe(candidates[4].trunk.cut);
    expect(candidates[0].trunk.cut).toBe(trunk.network.graph.outputs.get('embedding') ?? candidates[0].trunk.cut);
    expect(new Set(candidates.map(({ name }) => name)).size).toBe(8);
    expect(candidates.every(({ trunk: { config } }) => config.unit === true)).toBe(true);
  });

  it('pools otherwise alone where somebody said where to cut', async () => {
    const { trunk } = await chooseTrunk({ file: packagedModel }, { augmented: false, suggestCut: true });
    const [, map] = candidateTrunks(trunk, false);
    const chosen = candidateTrunks(map.trunk, true).map(({ trunk: { cut, config } }) => [cut.name, config.pooling]);
    expect(chosen).toEqual([
      [map.trunk.cut.name, 'mean'],
      [map.trunk.cut.name, 'generalized-mean'],
    ]);
  });
});
