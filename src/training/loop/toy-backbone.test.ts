import { expect, it } from 'vitest';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import { stoppedAndResumed } from '../../../test/support/stopped-and-resumed.ts';
import { tensorDigests } from '../../../test/support/tensor-digests.ts';
import { flatten, globalAveragePool, relu } from '../../graph/builder/operations.ts';
import { backboneTableOf } from '../../ranking/networks/convnets/backbone-table.ts';
import { defineBackbone } from '../../ranking/networks/convnets/define-backbone.ts';
import { convolution } from '../../ranking/networks/layers.ts';
import { choiceTables } from '../configuration/choice-tables.ts';

// CONTRIBUTING's recipe, followed: a backbone is its definition and its place in a table.

/** One convolution and the mean of what it sees. */
const glance = defineBackbone({
  name: 'glance',
  batchNormalization: 'never',
  embeddingBatch: 16,
  weights: { none: 'nobody publishes weights for --backbone glance' },
  words: { layers: 'one convolution of 12 filters', smallestSide: 4, features: 12 },
  build(scope, image, { dropout }) {
    const seen = relu(convolution(scope, 'backbone.conv', image, 12, { size: 3, stride: 1, pad: 1 }, { bias: true }));
    return scope.dropout('backbone.dropout', flatten(globalAveragePool(seen)), dropout);
  },
  subsampledPaths: () => [
    { subsample: 2, filters: 4, kernel: 2, stride: 1, relu: true, pool: { size: 2, stride: 2 }, symmetric: true },
  ],
});
const tables = { ...choiceTables, backbones: backboneTableOf([glance]) };

it('trains a backbone of its own table, and ends, stopped and resumed, as if it had never stopped', async () => {
  const network = {
    ...tinyNormalizedConfig.network,
    backbone: 'glance',
    paths: 'subsampled',
    batchNormalization: false,
  };
  await stoppedAndResumed({ ...tinyNormalizedConfig, network, steps: 8 }, tables, async (runs) => {
    const { whole, resumed, checkpoint, refused } = runs;
    expect(whole).toMatchObject({ ended: 'completed', step: 8 });
    expect([...whole.weights.keys()].sort()).toEqual(
      ['backbone.conv', 'embedding', 'path1'].flatMap((layer) => [`${layer}.bias`, `${layer}.weight`]),
    );
    expect(checkpoint.step).toBe(3);
    expect(tensorDigests(resumed.weights)).toEqual(tensorDigests(whole.weights));
    expect(await refused(choiceTables)).toContain("there is no backbone 'glance': it is one of small");
  });
});
