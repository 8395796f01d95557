import { useEffect, useState } from 'preact/hooks';
import { RequestError } from '../../foundation/errors/request-error.ts';
import type { ServiceAbout } from '../protocol/answers.ts';
import { DuplicatesView } from './duplicates/duplicates-view.tsx';
import { givenExample } from './example.ts';
import { Header, ImageCount } from './header.tsx';
import { MapPage } from './map/map-page.tsx';
import { RunsView } from './runs/runs-view.tsx';
import { Beginnings } from './search/beginnings.tsx';
import { GivePicture } from './search/give-picture.tsx';
import { emptySearch, type PageSearch } from './search/page-search.ts';
import { QueryPanel } from './search/query-panel.tsx';
import { Results, without } from './search/results.tsx';
import { useHistory } from './search/use-history.ts';
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
  const told = about instanceof Error ? undefined : about;
  const store = told?.store ?? undefined;
  const isEmpty = told?.store === null;
  const mayFetch = told?.remote === true;
  const onPicture = (picture: Blob, name: string) =>
    go({ ...search, query: givenExample(picture, name), like: [], unlike: [] });
  return (
    <>
      <Header views={views} shown={viewsOf(about)} view={view} onHome={() => go(emptySearch)}>
        {store !== undefined && <ImageCount images={store.images} />}
      </Header>
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
          <GivePicture
            onPicture={onPicture}
            fetchPicture={mayFetch ? (address) => service.fetchPicture(address) : undefined}
            large={search.query === undefined}
          />
        </div>
        {about instanceof Error && <p class="problem">{about.message}</p>}
        {isEmpty && (
          <p class="quiet">
            Nothing is indexed yet, so that there is nothing to find. In a terminal, in the folder where this was
            started: <code>lookalike index &lt;folder of pictures&gt;</code>, then load this page again.
          </p>
        )}
        {search.query === undefined ? (
          <Beginnings ids={store?.examples ?? []} onSearch={(query) => go({ ...search, query })} />
        ) : (
          !isEmpty && <Results search={search} fields={store?.fields ?? []} go={go} />
        )}
      </main>
    </>
  );
}

/** The views that there is something to see in. */
function viewsOf(about: ServiceAbout | Error | undefined): ViewName[] {
  if (about === undefined || about instanceof Error) return ['search'];
  const ofStore: ViewName[] = about.store === null ? [] : ['duplicates', 'map'];
  return ['search', ...ofStore, ...(about.runs ? (['runs'] as const) : [])];
}
