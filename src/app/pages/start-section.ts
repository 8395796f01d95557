import type { JudgedStart, StartConfig } from '../../training/configuration/start-config.ts';
import { type Html, html } from '../html/html.ts';
import type { PageSection } from '../html/page.ts';
import { type MeasureRow, measuresComparison } from './measures-comparison.ts';

/** What a start was chosen from, and how well it finds what its figures above are not about. */
export function startSection({ reasons, newClasses, knownClasses, expect }: StartConfig): PageSection {
  const aboutKnown = expect === 'known-classes' || newClasses.length === 0;
  const [others, what] = aboutKnown
    ? [newClasses, 'pictures of classes that were not learnt']
    : [knownClasses, 'other pictures of classes that were learnt'];
  const shown = expect === 'both' && others.length > 0;
  return {
    id: 'start',
    title: 'What was chosen, and why',
    lead: html`By folds of these pictures alone; the numbers are Recall@1 and MAP@R in percent, added.`,
    content: html`<ul>${reasons.map(
      (reason) => html`
<li>${reason}</li>`,
    )}
</ul>${shown ? otherFigures(others, what) : undefined}`,
  };
}

function otherFigures(lines: readonly JudgedStart[], what: string): Html {
  const rows: MeasureRow[] = lines.map(({ name, recallAt1, mapAtR }) => ({ name, values: { recallAt1, mapAtR } }));
  return html`<p>How well it finds ${what}:</p>
${measuresComparison(rows, 'classes')}`;
}
