import { useEffect, useRef, useState } from 'preact/hooks';
import type { ServiceComparison, ServiceExplanation } from '../../protocol/answers.ts';
import { comparedSentence } from '../alike-text.ts';
import { type Example, nameOf, queryOf } from '../example.ts';
import { Picture } from '../picture.tsx';
import { useSearchService } from '../search-service.ts';
import { ExplanationFigures } from './explanation-figures.tsx';
import { HeatChoice, type HeatShown } from './heat-choice.tsx';
import { useExplanation } from './use-explanation.ts';

/** Two pictures beside each other. */
export interface CompareDialogProps {
  readonly first: Example;
  readonly second: Example;
  readonly onClose: () => void;
}

/** Two pictures side by side, how much alike they are, and, where it is asked for, what makes them so. */
export function CompareDialog({ first, second, onClose }: CompareDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [found, setFound] = useState<ServiceComparison | Error>();
  const [shown, setShown] = useState<HeatShown>('covering');
  const asked = useExplanation(first, second);
  const explanation = asked.found instanceof Error ? undefined : asked.found;
  const service = useSearchService();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    service.compare(queryOf(first), queryOf(second)).then(setFound, setFound);
  }, [first, second]);
  return (
    <dialog ref={dialog} class="compare" aria-label="Two pictures compared" onClose={onClose}>
      <Pair first={first} second={second} explanation={explanation} shown={shown} />
      {explanation !== undefined && <HeatChoice shown={shown} onShow={setShown} />}
      <div class="said" aria-live="polite" aria-busy={asked.isWorking}>
        {found === undefined && <p class="quiet">Comparing…</p>}
        {found instanceof Error && <p class="problem">{found.message}</p>}
        {found !== undefined && !(found instanceof Error) && <Figures found={found} />}
        {asked.isWorking && <p class="quiet">Looking at what makes them alike, which takes some seconds…</p>}
        {asked.found instanceof Error && <p class="problem">{asked.found.message}</p>}
        {explanation !== undefined && <ExplanationFigures explanation={explanation} shown={shown} />}
      </div>
      <p class="buttons">
        {explanation === undefined && asked.ask !== undefined && (
          <button type="button" class="primary" disabled={asked.isWorking} onClick={asked.ask}>
            What makes them alike?
          </button>
        )}
        <button type="button" class="close" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
  );
}

interface PairProps {
  readonly first: Example;
  readonly second: Example;
  /** Undefined before it is asked for. */
  readonly explanation: ServiceExplanation | undefined;
  readonly shown: HeatShown;
}

function Pair({ first, second, explanation, shown }: PairProps) {
  return (
    <div class="pair">
      {(
        [
          ['first', first],
          ['second', second],
        ] as const
      ).map(([side, example]) => (
        <figure key={side}>
          {explanation === undefined || shown === 'none' ? (
            <Picture example={example} side={1024} />
          ) : (
            <img src={explanation[side][shown].heatmap} alt={`Heat-map of ${nameOf(example)}`} />
          )}
          <figcaption>{nameOf(example)}</figcaption>
        </figure>
      ))}
    </div>
  );
}

function Figures({ found }: { readonly found: ServiceComparison }) {
  const { alike, distance, by, similarity } = found;
  return (
    <>
      {alike !== null && <p class="verdict">{capitalized(comparedSentence(alike))}.</p>}
      <dl>
        <div>
          <dt>distance</dt>
          <dd>{distance.toFixed(4)}</dd>
          <dd class="quiet">{by}; 0 is the same</dd>
        </div>
        <div>
          <dt>similarity</dt>
          <dd>{similarity.toFixed(4)}</dd>
          <dd class="quiet">cosine; 1 is the same</dd>
        </div>
      </dl>
    </>
  );
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
