import type { PairedMeasure } from '../../evaluation/intervals/paired-differences.ts';
import { measureName } from '../html/measure-name.ts';

/**
 * What the differences between two models come to, in plain sentences: in which measures one is better by more than other
 * queries of the same kind would change, and in which the difference could be chance.
 *
 * @param names what the first and the second model are called.
 * @param measures in the order in which they are named.
 */
export function pairedConclusion(
  [first, second]: readonly [string, string],
  measures: Readonly<Record<string, PairedMeasure>>,
): string {
  const named = (better: PairedMeasure['better']) =>
    Object.entries(measures)
      .filter(([, measure]) => measure.better === better)
      .map(([key]) => measureName(key));
  const sentences: string[] = [];
  for (const [better, winner, loser] of [
    ['first', first, second],
    ['second', second, first],
  ] as const) {
    const where = named(better);
    if (where.length > 0) {
      sentences.push(`${winner} is better than ${loser} in ${listed(where)}, by more than chance among queries.`);
    }
  }
  const open = named('neither');
  if (open.length === Object.keys(measures).length) {
    sentences.push(
      `Every difference between ${first} and ${second} could be chance: the intervals of all of them hold 0.`,
    );
  } else if (open.length > 0) {
    sentences.push(`In ${listed(open)} the difference could be chance: its interval holds 0.`);
  }
  return sentences.join(' ');
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
