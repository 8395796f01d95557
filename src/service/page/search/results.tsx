import { useState } from 'preact/hooks';
import type { Found } from '../alike-text.ts';
import { CompareDialog } from '../compare/compare-dialog.tsx';
import { type Example, keyOf } from '../example.ts';
import { Filters, type StoreFields } from './filters.tsx';
import type { PageSearch } from './page-search.ts';
import { ResultsGrid } from './results-grid.tsx';
import { useSearch } from './use-search.ts';

/** What is looked for, and what goes on to another search. */
export interface ResultsProps {
  readonly search: PageSearch;
  readonly fields: StoreFields;
  readonly go: (next: PageSearch) => void;
}

/** What a search finds: narrowed, gone on from, compared. */
export function Results({ search, fields, go }: ResultsProps) {
  const { images, isWorking, problem, more } = useSearch(search);
  const [compared, setCompared] = useState<Found>();
  const { query } = search;
  return (
    <section class="found" aria-label="What is alike" aria-busy={isWorking}>
      <Filters fields={fields} search={search} onChange={(narrowed) => go({ ...search, ...narrowed })} />
      <p class="unseen" role="status">
        {isWorking ? 'Searching' : `${images.length} pictures found`}
      </p>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem.message}
        </p>
      )}
      {problem === undefined && !isWorking && images.length === 0 && (
        <p class="quiet">Nothing is found: ask for less.</p>
      )}
      <ResultsGrid
        images={query?.kind === 'stored' ? images.filter(({ id }) => id !== query.id) : images}
        onMore={more}
        onSearch={(example) => {
          go({ ...search, query: example, like: [], unlike: [] });
          scrollTo(0, 0);
        }}
        onLike={(example) => go({ ...without(search, example), like: [...without(search, example).like, example] })}
        onUnlike={(example) =>
          go({ ...without(search, example), unlike: [...without(search, example).unlike, example] })
        }
        onCompare={setCompared}
      />
      {compared !== undefined && query !== undefined && (
        <CompareDialog
          first={comparable(query)}
          second={{ kind: 'stored', id: compared.id }}
          onClose={() => setCompared(undefined)}
        />
      )}
    </section>
  );
}

/** What can be put beside another picture: of several the first. */
function comparable(example: Example): Example {
  return example.kind === 'several' ? { kind: 'stored', id: example.ids[0] } : example;
}

/** A search without an example. */
export function without(search: PageSearch, example: Example): PageSearch {
  const others = (examples: readonly Example[]) => examples.filter((one) => keyOf(one) !== keyOf(example));
  return { ...search, like: others(search.like), unlike: others(search.unlike) };
}
