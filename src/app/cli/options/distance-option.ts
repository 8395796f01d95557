import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import { searchDistanceNames } from '../../../ranking/distances/search-distance-by-name.ts';
import type { OptionDefinition } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';
import { oneOf } from './option-values.ts';

/** The option of every command that compares embeddings. */
export const distanceOption: OptionDefinition = {
  flags: '--distance <name>',
  elsewhere: ['--metric'],
  description: `what embeddings are compared by: ${searchDistanceNames.join(', ')}`,
};

/** What other programs call these distances; of vectors of length 1 the inner product ranks as the cosine does. */
const distancesElsewhere = {
  l2: 'euclidean',
  l1: 'manhattan',
  cityblock: 'manhattan',
  dot: 'cosine',
  ip: 'cosine',
  inner: 'cosine',
  'inner-product': 'cosine',
} as const;

/** Schema of what is typed behind it. */
export const distanceInput = oneOf(searchDistanceNames, distancesElsewhere).optional();

/** The distance of a command with `--binary`, which is short for Hamming. @throws CommandLineError if both say something else. */
export function distanceOrBinary(
  distance: SearchDistanceName | undefined,
  binary: boolean,
): SearchDistanceName | undefined {
  if (!binary) return distance;
  if (distance === undefined || distance === 'hamming') return 'hamming';
  throw new CommandLineError(
    `--binary compares signs by Hamming distance, and --distance ${distance} was given: leave one of them out`,
  );
}
