import { useEffect, useState } from 'preact/hooks';
import { RequestError } from '../../foundation/errors/request-error.ts';
import type { ServiceAbout } from '../protocol/answers.ts';
import type { Found } from './alike-text.ts';
import { CompareDialog } from './compare/compare-dialog.tsx';
import { DuplicatesView } from './duplicates/duplicates-view.tsx';
import { type Example, givenExample, keyOf } from './example.ts';
import { MapPage } from './map/map-page.tsx';
import { Picture } from './picture.tsx';
import { RunsView } from './runs/runs-view.tsx';
import { Filters } from './search/filters.tsx';
import { GivePicture } from './search/give-picture.tsx';
import { emptySearch, type PageSearch } from './search/page-search.ts';
import { QueryPanel } from './search/query-panel.tsx';
import { ResultsGrid } from './search/results-grid.tsx';
import { useHistory } from './search/use-history.ts';
import { useSearch } from './search/use-search.ts';
import { service } from './service.ts';
import { SignIn } from './sign-in.tsx';
import { useView, type ViewName, views } from './use-view.ts';

/** The page: gives a picture, sees what is like it. */
export function App() {
  const [about, setAbout] = useState<ServiceAbout | Error>();
  const [search, goOn] = useHistory();
  const [view, showSearch] = useView();
  const go = (next: PageSearch) => {
    goOn(next);
    showSearch();
  };
  const load = () => void service.about().then(setAbout, setAbout);
  useEffect(load, []);
  if (about instanceof RequestError && about.problem === 'unauthorized') return <SignIn onDone={load} />;
  const store = about === undefined || about instanceof Error ? undefined : (about.store ?? undefined);
  const onPicture = (picture: Blob, name: string) =>
    go({ ...search, query: givenExample(picture, name), like: [], unlike: [] });
  return (
    <>
      <Header images={store?.images} shown={viewsOf(about)} view={view} onHome={() => go(emptySearch)} />
      {view === 'duplicates' && (
        <main>
          <DuplicatesView onSearch={(query) => go({ ...emptySearch, query })} />
        </main>
      )}
      {view === 'map' && (
        <main>
          <MapPage onSearch={(query) => go({ ...emptySearch, query })} />
        </main>
      )}
      {view === 'runs' && (
        <main>
          <RunsView />
        </main>
      )}
      <main hidden={view !== 'search'} class={search.query === undefined ? 'empty' : 'searching'}>
        <div class="side">
          <QueryPanel search={search} onRemove={(example) => go(without(search, example))} />
          <GivePicture onPicture={onPicture} large={search.query === undefined} />
        </div>
        {about instanceof Error && <p class="problem">{about.message}</p>}
        {store === undefined && about !== undefined && !(about instanceof Error) && (
          <p class="quiet">Nothing is indexed yet: two pictures can be compared through the API.</p>
        )}
        {search.query === undefined ? (
          <Beginnings ids={store?.examples ?? []} onSearch={(query) => go({ ...search, query })} />
        ) : (
          <Results search={search} fields={store?.fields ?? []} go={go} />
        )}
      </main>
    </>
  );
}

interface HeaderProps {
  readonly images: number | undefined;
  /** Those that there is something to see in. */
  readonly shown: readonly ViewName[];
  readonly view: ViewName;
  readonly onHome: () => void;
}

function Header({ images, shown, view, onHome }: HeaderProps) {
  return (
    <header>
      <button type="button" class="home" onClick={onHome}>
        lookalike
      </button>
      <nav aria-label="Views">
        {shown.length > 1 &&
          shown.map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
              {views[name]}
            </a>
          ))}
      </nav>
      {images !== undefined && <span class="quiet">{images.toLocaleString('en')} pictures</span>}
    </header>
  );
}

/** The views that there is something to see in. */
function viewsOf(about: ServiceAbout | Error | undefined): ViewName[] {
  if (about === undefined || about instanceof Error) return ['search'];
  const ofStore: ViewName[] = about.store === null ? [] : ['duplicates', 'map'];
  return ['search', ...ofStore, ...(about.runs ? (['runs'] as const) : [])];
}

interface BeginningsProps {
  readonly ids: readonly string[];
  readonly onSearch: (example: Example) => void;
}

/** Some pictures of the store, for who has none at hand. */
function Beginnings({ ids, onSearch }: BeginningsProps) {
  if (ids.length === 0) return null;
  return (
    <section class="beginnings" aria-label="Pictures of the store">
      <h2>Or begin with one of these</h2>
      <ul class="results">
        {ids.map((id) => (
          <li class="card" key={id}>
            <button
              type="button"
              class="open"
              onClick={() => onSearch({ kind: 'stored', id })}
              aria-label={`Search from ${id}`}
            >
              <Picture example={{ kind: 'stored', id }} side={256} alt="" lazy />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ResultsProps {
  readonly search: PageSearch;
  readonly fields: NonNullable<ServiceAbout['store']>['fields'];
  readonly go: (next: PageSearch) => void;
}

function Results({ search, fields, go }: ResultsProps) {
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

function without(search: PageSearch, example: Example): PageSearch {
  const others = (examples: readonly Example[]) => examples.filter((one) => keyOf(one) !== keyOf(example));
  return { ...search, like: others(search.like), unlike: others(search.unlike) };
}
