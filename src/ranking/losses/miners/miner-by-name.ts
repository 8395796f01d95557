import { batchAllMiner } from './batch-all.ts';
import { batchHardMiner } from './batch-hard.ts';
import { distanceWeightedMiner } from './distance-weighted.ts';
import type { MinerName, TripletMiner } from './miner.ts';
import { semiHardMiner } from './semi-hard.ts';

/** The miner that a configuration names, for batches with at most `imagesPerClass` rows of a class. */
export function minerByName(name: MinerName, imagesPerClass: number): TripletMiner {
  switch (name) {
    case 'semi-hard':
      return semiHardMiner(imagesPerClass);
    case 'batch-all':
      return batchAllMiner(imagesPerClass);
    case 'batch-hard':
      return batchHardMiner;
    case 'distance-weighted':
      return distanceWeightedMiner(imagesPerClass);
  }
}
