import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { batchAll } from './batch-all.ts';
import { batchHard } from './batch-hard.ts';
import type { MinerDefinition } from './define-miner.ts';
import { distanceWeighted } from './distance-weighted.ts';
import { semiHard } from './semi-hard.ts';

/** Every way to choose triplets inside a batch of classes, in the order in which help and messages name them. */
const miners = [semiHard, batchAll, batchHard, distanceWeighted] as const;

/** The name of a miner. */
export type MinerName = (typeof miners)[number]['name'];
/** Their names, in the order in which help and messages give them. */
export const minerNames: readonly MinerName[] = miners.map(({ name }) => name);

const byName = new Map<string, MinerDefinition>(miners.map((miner) => [miner.name, miner]));

/** The miner that a configuration names. @throws if there is none of this name. */
export function minerByName(name: MinerName): MinerDefinition {
  const miner = byName.get(name);
  if (miner !== undefined) return miner;
  throw new TrainingError(`there is no miner '${name}'; there are ${minerNames.join(', ')}`);
}
