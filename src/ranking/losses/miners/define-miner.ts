import type { TripletMiner } from './miner.ts';

/** What is written about one miner, once. */
export interface MinerDefinition<Name extends string = string> {
  /** As `config.json` and the command line have it. */
  readonly name: Name;
  /**
   * True if it takes the hardest triplets of a batch alone: a network that has learnt nothing yet then tends to collapse, and comes
   * down slowly on its way, which the doctor looks for. Default: false.
   */
  readonly hardestOnly?: true;
  /** For batches with at most so many rows of a class. */
  build(imagesPerClass: number): TripletMiner;
}

/** A miner for the table: all that losses, the command line and the doctor know of it. */
export function defineMiner<const Name extends string>(definition: MinerDefinition<Name>): MinerDefinition<Name> {
  return definition;
}
