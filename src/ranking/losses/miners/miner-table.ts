import { definitionByName } from '../../../foundation/arguments/definition-by-name.ts';
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

const byName = definitionByName<MinerDefinition>(miners, 'miner', 'loss.miner');

/** The miner that a configuration names. @throws UsageError if there is none of this name. */
export function minerByName(name: MinerName): MinerDefinition {
  return byName(name);
}
