import { useEffect, useRef, useState } from 'preact/hooks';
import type { ServiceComparison } from '../protocol/answers.ts';
import { alikeSentence } from './alike-text.ts';
import { type Example, nameOf, queryOf } from './example.ts';
import { Picture } from './picture.tsx';
import { service } from './service.ts';

/** Two pictures beside each other. */
export interface CompareDialogProps {
  readonly first: Example;
  readonly second: Example;
  readonly onClose: () => void;
}

/** Two pictures side by side, and how much alike they are. */
export function CompareDialog({ first, second, onClose }: CompareDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [found, setFound] = useState<ServiceComparison | Error>();
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    service.compare(queryOf(first), queryOf(second)).then(setFound, setFound);
  }, [first, second]);
  return (
    <dialog ref={dialog} class="compare" aria-label="Two pictures compared" onClose={onClose}>
      <div class="pair">
        {[first, second].map((example) => (
          <figure key={nameOf(example)}>
            <Picture example={example} side={1024} />
            <figcaption>{nameOf(example)}</figcaption>
          </figure>
        ))}
      </div>
      <div class="said" aria-live="polite">
        {found === undefined && <p class="quiet">Comparing…</p>}
        {found instanceof Error && <p class="problem">{found.message}</p>}
        {found !== undefined && !(found instanceof Error) && <Figures found={found} />}
      </div>
      <button type="button" class="close" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}

function Figures({ found }: { readonly found: ServiceComparison }) {
  const { alike, distance, by, similarity } = found;
  return (
    <>
      {alike !== null && <p class="verdict">{capitalized(alikeSentence(found))}.</p>}
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
