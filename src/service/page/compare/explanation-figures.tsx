import type { ServiceExplanation } from '../../protocol/answers.ts';

/** What is told of an explanation beside its heat-maps. */
export function ExplanationFigures({ explanation }: { readonly explanation: ServiceExplanation }) {
  const { shares } = explanation;
  const most = Math.max(...shares.map(({ share }) => Math.abs(share)));
  return (
    <section class="explanation" aria-label="What makes them alike">
      <p class="legend">
        <span class="key warm" /> makes them alike <span class="key cold" /> makes them less alike
      </p>
      <p class="quiet">{agreementText(explanation)}</p>
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

/** How far the heat is to be trusted. */
function agreementText({ first, second }: ServiceExplanation): string {
  const told = [first, second].map(({ agreement }) => (agreement === null ? 'unknown' : agreement.toFixed(2)));
  return `The heat-maps are approximate. Their rank correlation with what covering a place changes is ${told.join(' and ')}; 1 would be full agreement.`;
}

function signedPercent(share: number): string {
  const rounded = Math.round(100 * share);
  return `${rounded < 0 ? '−' : ''}${Math.abs(rounded)}%`;
}
