import { useState } from 'preact/hooks';
import type { ServiceDuplicates } from '../../protocol/groups.ts';
import { CompareDialog } from '../compare/compare-dialog.tsx';
import type { Example } from '../example.ts';
import { service } from '../service.ts';
import { useCatalogueWork } from '../use-catalogue-work.ts';
import { WorkProgress } from '../work-progress.tsx';
import { DuplicateGroup, type GroupPair } from './duplicate-group.tsx';

/** Groups that are fetched at a time. */
const pageLength = 20;

/** Near duplicates, group by group, their images side by side. */
export function DuplicatesView({ onSearch }: { readonly onSearch: (example: Example) => void }) {
  const [offset, setOffset] = useState(0);
  const [compared, setCompared] = useState<GroupPair>();
  const { state, isAsking, take } = useCatalogueWork(() => service.duplicates({ limit: pageLength }));
  const turnTo = (next: number) => {
    setOffset(next);
    take(service.duplicates({ offset: next, limit: pageLength }));
    scrollTo(0, 0);
  };
  return (
    <section class="view" aria-labelledby="duplicates">
      <h1 id="duplicates">Near duplicates</h1>
      <p class="quiet">Pictures that are the same, or nearly, with the one to keep first. Nothing is deleted.</p>
      {state instanceof Error && (
        <p class="problem" role="alert">
          {state.message}
        </p>
      )}
      {state !== undefined && !(state instanceof Error) && (
        <>
          <Ask
            isWorking={state.work !== null}
            onAsk={(maxDistance) => {
              setOffset(0);
              take(service.findDuplicates(maxDistance));
            }}
          />
          <WorkProgress state={state} />
          {state.work === null && state.found !== null && (
            <>
              <p role="status">{summaryText(state.found)}</p>
              <ol class="groups" start={offset + 1} aria-busy={isAsking}>
                {state.groups.map((group) => (
                  <DuplicateGroup key={group.images[0].id} group={group} onSearch={onSearch} onCompare={setCompared} />
                ))}
              </ol>
              <Pages offset={offset} count={state.found.groups} onTurn={turnTo} />
            </>
          )}
        </>
      )}
      {compared !== undefined && <CompareDialog {...compared} onClose={() => setCompared(undefined)} />}
    </section>
  );
}

interface AskProps {
  readonly isWorking: boolean;
  readonly onAsk: (maxDistance: number | undefined) => void;
}

function Ask({ isWorking, onAsk }: AskProps) {
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const given = String(new FormData(event.currentTarget as HTMLFormElement).get('distance') ?? '');
        onAsk(given === '' ? undefined : Number(given));
      }}
    >
      <label>
        <span>up to a distance of</span>
        <input name="distance" type="number" min="0" step="any" placeholder="copies of one picture" />
      </label>
      <button type="submit" class="primary" disabled={isWorking}>
        Look for them
      </button>
    </form>
  );
}

function summaryText({ groups, extra, maxDistance, by, unseen }: NonNullable<ServiceDuplicates['found']>): string {
  const near = maxDistance === null ? 'copies of one picture' : `up to a distance of ${maxDistance.toFixed(4)} (${by})`;
  const blind = unseen === 0 ? '' : ` ${unseen.toLocaleString('en')} pictures could not be looked at.`;
  if (groups === 0) return `There are none: ${near}.${blind}`;
  const [ofGroups, ofImages] = [groups === 1 ? 'group' : 'groups', extra === 1 ? 'picture' : 'pictures'];
  return (
    `${groups.toLocaleString('en')} ${ofGroups}, ${extra.toLocaleString('en')} ${ofImages} more than needed: ` +
    `${near}.${blind}`
  );
}

interface PagesProps {
  readonly offset: number;
  readonly count: number;
  readonly onTurn: (offset: number) => void;
}

function Pages({ offset, count, onTurn }: PagesProps) {
  if (count <= pageLength) return null;
  const [page, pages] = [offset / pageLength + 1, Math.ceil(count / pageLength)];
  return (
    <nav class="pages" aria-label="Pages of groups">
      <button type="button" disabled={offset === 0} onClick={() => onTurn(offset - pageLength)}>
        Before
      </button>
      <span class="quiet">
        {page} of {pages}
      </span>
      <button type="button" disabled={page === pages} onClick={() => onTurn(offset + pageLength)}>
        Next
      </button>
    </nav>
  );
}
