import type { EvaluatedStart, StartConfig } from '../../../training/configuration/start-config.ts';
import { html } from '../../html/html.ts';
import type { PageSection } from '../../html/page.ts';
import { type MeasureRow, measuresComparison } from './measures-comparison.ts';

/** What a start was chosen from, and how well it finds what the page's first figures are not about. */
export function startSections({ reasons, newClasses, knownClasses, expect }: StartConfig): PageSection[] {
  const chosen: PageSection = {
    id: 'start',
    title: 'What was chosen, and why',
    lead: html`By folds of these pictures alone; the numbers are Recall@1 and MAP@R in percent, added.`,
    content: html`<ul class="notes">${reasons.map(
      (reason) => html`
<li>${reason}</li>`,
    )}
</ul>`,
  };
  if (expect !== 'both' || newClasses.length === 0) return [chosen];
  return [
    chosen,
    {
      id: 'known',
      title: 'How well it finds classes that were learnt',
      lead: html`Each picture was searched for once among all others, by a head that had learnt others of its class, and not it.`,
      content: measuresComparison(rowsOf(knownClasses), 'classes'),
    },
  ];
}

const rowsOf = (lines: readonly EvaluatedStart[]): MeasureRow[] =>
  lines.map(({ name, recallAt1, mapAtR }) => ({ name, values: { recallAt1, mapAtR } }));
