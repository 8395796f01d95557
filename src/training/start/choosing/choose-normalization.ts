import type { Engine } from '../../../engines/engine.ts';
import { mean } from '../../../foundation/numbers/mean.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import type { TrainingConfig } from '../../configuration/training-config.ts';
import { normalizations } from '../../configuration/trunk-choices.ts';
import type { TrainingData } from '../../data/training-data.ts';
import { type FrozenFeaturesOptions, frozenFeatures } from '../../features/frozen-features.ts';
import { evaluateRows, scoresOf } from '../evaluate-rows.ts';
import { rowsToChooseBy } from '../start-rows.ts';

/** Pictures that ways for pixels to enter are compared by. */
const mostRows = 240;
/** Ways that networks are trained with; the first is the usual one. */
const compared = ['imagenet', 'half', 'unit'] as const;

/**
 * How pixels enter a network whose file does not say it: of the usual ways the one whose untouched features rank the training
 * pictures best, by Recall@1 and MAP@R. A network that takes bytes normalises them itself, and is left as it is.
 */
export async function chooseNormalization(
  engine: Engine,
  config: Pick<TrainingConfig, 'network' | 'preprocessing' | 'seed'>,
  trunk: Trunk,
  data: TrainingData,
  options: FrozenFeaturesOptions,
): Promise<{ readonly trunk: Trunk; readonly reasons: readonly string[] }> {
  if (trunk.network.image.type === 'uint8') return { trunk, reasons: [] };
  const random = RandomSource.fromSeed(config.seed, 'normalization');
  const places = rowsToChooseBy(data.train, data.labels, data.digests, mostRows, random);
  const labels = places.map((place) => data.labels[place]);
  const evaluated = [];
  for (const name of compared) {
    const { mean: centre, deviation } = normalizations[name];
    const entering = { ...trunk.config, mean: [...centre], deviation: [...deviation], unit: true } as const;
    const tried = { ...trunk, config: entering as Trunk['config'] };
    const some = { ...data, train: places, heldOut: [], heldOutTriplets: [] };
    const { table } = await frozenFeatures(engine, config, tried, some, options);
    const embeddings = table.batch(places).data as Float32Array;
    const rows = await evaluateRows({ engine, embeddings, dimension: table.length, labels });
    evaluated.push({ name, trunk: tried, score: mean(scoresOf(rows)) });
  }
  const best = evaluated.reduce((most, one) => (one.score > most.score ? one : most));
  const figures = evaluated.map(({ name, score }) => `${name}: ${(100 * score).toFixed(1)}`).join(', ');
  return { trunk: best.trunk, reasons: [`pixels enter by '${best.name}' (${figures})`] };
}
