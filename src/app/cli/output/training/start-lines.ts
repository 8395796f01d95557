import { percent } from '../../../../foundation/text/percent.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';
import type { EvaluatedStart, StartConfig } from '../../../../training/configuration/start-config.ts';

/** What folds chose for a start, and what they say of it: a line for each choice, then a table for each expectation. */
export function startLines({ reasons, newClasses, knownClasses, expect }: StartConfig): string[] {
  const tables = [
    { title: 'classes that were not learnt', lines: newClasses, shown: expect !== 'known-classes' },
    {
      title: 'new pictures of classes that were learnt',
      lines: knownClasses,
      shown: expect !== 'new-classes' || newClasses.length === 0,
    },
  ];
  return [
    ...reasons.map((reason) => `chosen: ${reason}`),
    ...tables
      .filter(({ lines, shown }) => shown && lines.length > 0)
      .flatMap(({ title, lines }) => [`by folds, ${title}:`, ...evaluatedTable(lines)]),
  ];
}

function evaluatedTable(lines: readonly EvaluatedStart[]): string[] {
  const interval = ({ low, high }: EvaluatedStart['mapAtR']) => `${percent(low)} to ${percent(high)}`;
  return textTable([
    ['', 'Recall@1', '95% of classes', 'MAP@R', '95% of classes'],
    ...lines.map(({ name, recallAt1, mapAtR }) => [
      name,
      percent(recallAt1.value),
      interval(recallAt1),
      percent(mapAtR.value),
      interval(mapAtR),
    ]),
  ]);
}
