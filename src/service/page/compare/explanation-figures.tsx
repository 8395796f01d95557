import type { ServiceExplanation } from '../../protocol/answers.ts';
import type { HeatShown } from './heat-choice.tsx';

/** An explanation, and which of its heat is shown. */
export interface ExplanationFiguresProps {
  readonly explanation: ServiceExplanation;
  readonly shown: HeatShown;
}

/** What is told of an explanation beside its heat-maps. */
export function ExplanationFigures({ explanation, shown }: ExplanationFiguresProps) {
  const { shares } = explanation;
  const most = Math.max(...shares.map(({ share }) => Math.abs(share)));
  return (
    <section class="explanation" aria-label="What makes them alike">
      {shown !== 'none' && (
        <p class="quiet">
          {foundBy[shown]} {agreementText(explanation, shown)}
        </p>
      )}
      {shares.length > 0 && (
        <>
          <h2 id="shares">Share of the similarity by path of the network</h2>
          <ul class="shares" aria-labelledby="shares">
            {shares.map(({ path, share }) => (
              <li key={path}>
                <span>{path}</span>
                <span class="bar" aria-hidden="true">
                  <span class={share < 0 ? 'cold' : 'warm'} style={{ width: `${(100 * Math.abs(share)) / most}%` }} />
                </span>
                <span class="share">{signedPercent(share)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const foundBy = {
  covering: 'Approximate: found by covering 64 rectangles of the picture, one at a time.',
  gradient: "Approximate: found by the network's gradient, which is finer and often further from the truth.",
} as const;

/** How far the heat is to be believed. */
function agreementText({ first, second }: ServiceExplanation, shown: Exclude<HeatShown, 'none'>): string {
  const told = [first, second].map((side) => side[shown].agreement?.toFixed(2) ?? 'unknown');
  return `Its rank correlation with what covering place by place takes from the likeness is ${told.join(' and ')}; 1 would be full agreement.`;
}

function signedPercent(share: number): string {
  const rounded = Math.round(100 * share);
  return `${rounded < 0 ? '−' : ''}${Math.abs(rounded)}%`;
}
