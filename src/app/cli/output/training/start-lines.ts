import { percent } from '../../../../foundation/text/percent.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';
import type { EvaluatedStart, StartConfig } from '../../../../training/configuration/start-config.ts';

/** What folds chose for a start, and what they say of it: a line for each choice, then a table for each expectation. */
export function startLines({ reasons, newClasses, knownClasses, expect, judged }: StartConfig): string[] {
  const tables = [
    {
      title: 'classes that the head had not learnt',
      interval: 'as many others, 95%',
      lines: newClasses,
      shown: expect !== 'known-classes',
    },
    {
      title: 'new pictures of classes that it had learnt',
      interval: '95% of classes',
      lines: knownClasses,
      shown: expect !== 'new-classes' || newClasses.length === 0,
    },
  ];
  const among =
    judged === null ? '' : `, each of ${judged.pictures} pictures of ${judged.classes} classes among all others`;
  return [
    ...reasons.map((reason) => `chosen: ${reason}`),
    ...tables
      .filter(({ lines, shown }) => shown && lines.length > 0)
      .flatMap(({ title, interval, lines }) => [`by folds, ${title}${among}:`, ...evaluatedTable(lines, interval)]),
  ];
}

function evaluatedTable(lines: readonly EvaluatedStart[], interval: string): string[] {
  const ends = ({ low, high }: EvaluatedStart['mapAtR']) => `${percent(low)} to ${percent(high)}`;
  return textTable([
    ['', 'Recall@1', interval, 'MAP@R', interval],
    ...lines.map(({ name, recallAt1, mapAtR }) => [
      name,
      percent(recallAt1.value),
      ends(recallAt1),
      percent(mapAtR.value),
      ends(mapAtR),
    ]),
  ]);
}
