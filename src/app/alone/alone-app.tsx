import { useEffect, useMemo, useState } from 'preact/hooks';
import { givenExample } from '../../service/page/example.ts';
import { Header, ImageCount } from '../../service/page/header.tsx';
import { Beginnings } from '../../service/page/search/beginnings.tsx';
import { GivePicture } from '../../service/page/search/give-picture.tsx';
import { emptySearch, type PageSearch } from '../../service/page/search/page-search.ts';
import { QueryPanel } from '../../service/page/search/query-panel.tsx';
import { Results, without } from '../../service/page/search/results.tsx';
import { useHistory } from '../../service/page/search/use-history.ts';
import { SearchServiceContext } from '../../service/page/search-service.ts';
import { GivePictures } from './give-pictures.tsx';
import { localService } from './local-service.ts';
import { ModelLine } from './model-line.tsx';
import { siteFiles, siteModel, sitePictures } from './site-files.ts';
import { TrainView } from './train-view.tsx';
import { UnreadableList } from './unreadable-list.tsx';
import { useAloneView, views } from './use-alone-view.ts';
import { useTraining } from './use-training.ts';
import { type PageWork, useWork } from './use-work.ts';
import { WorkLine } from './work-line.tsx';
import type { AloneProgress, LoadedModel, LoadedPictures, PictureFile } from './worker/protocol.ts';
import type { WorkerClient } from './worker/worker-client.ts';

/** The page that needs no service: pictures are given to it, searched, compared and learnt from in it. */
export function AloneApp({ client }: { readonly client: WorkerClient }) {
  const work = useWork();
  const page = usePictures(client, work);
  const training = useTraining(client, work, page.setModel);
  const [search, goOn] = useHistory();
  const [view, showSearch] = useAloneView();
  const { model, pictures } = page;
  const go = (next: PageSearch) => {
    goOn(next);
    showSearch();
  };
  const hasPictures = pictures !== undefined && pictures.images > 0;
  return (
    <SearchServiceContext.Provider value={page.service}>
      <Header views={views} shown={Object.keys(views)} view={view} onHome={() => go(emptySearch)}>
        {hasPictures && <ImageCount images={pictures.images} />}
      </Header>
      {view === 'train' && (
        <main>
          <TrainView pictures={pictures} work={work} training={training} />
        </main>
      )}
      <main hidden={view !== 'search'} class={search.query === undefined ? 'empty' : 'searching'}>
        <div class="side">
          <QueryPanel search={search} onRemove={(example) => go(without(search, example))} />
          {hasPictures && (
            <GivePicture
              onPicture={(picture, name) => go({ ...search, query: givenExample(picture, name), like: [], unlike: [] })}
              large={search.query === undefined}
            />
          )}
          <GivePictures
            onPictures={page.add}
            isFirst={!hasPictures}
            disabled={model === undefined || work.going !== undefined}
          />
          {view === 'search' && <WorkState work={work} />}
          {pictures !== undefined && <UnreadableList unreadable={pictures.unreadable} />}
          <ModelLine model={model} onModel={page.open} disabled={work.going !== undefined} />
        </div>
        {search.query === undefined ? (
          <Beginnings ids={pictures?.examples ?? []} onSearch={(query) => go({ ...search, query })} />
        ) : (
          <Results key={page.loads} search={search} fields={fieldsOf(pictures)} go={go} />
        )}
      </main>
    </SearchServiceContext.Provider>
  );
}

function WorkState({ work }: { readonly work: PageWork }) {
  return (
    <>
      {work.going !== undefined && <WorkLine going={work.going} />}
      {work.problem !== undefined && (
        <p class="problem" role="alert">
          {work.problem.message}
        </p>
      )}
    </>
  );
}

/** What searches can be narrowed by: the class folders. */
function fieldsOf(pictures: LoadedPictures | undefined) {
  const classes = pictures?.classes ?? [];
  return classes.length < 2 ? [] : [{ name: 'class', kind: 'text' as const, values: classes.map(({ name }) => name) }];
}

/** The model and the pictures of the page. */
function usePictures(client: WorkerClient, work: PageWork) {
  const [model, setLoaded] = useState<LoadedModel>();
  const [loads, setLoads] = useState(0);
  const [pictures, setPictures] = useState<LoadedPictures>();
  const thumbnails = useMemo(() => new Map<string, string>(), []);
  const service = useMemo(() => localService(client, thumbnails), []);
  const setModel = (loaded: LoadedModel) => {
    setLoaded(loaded);
    setLoads((before) => before + 1);
  };
  const heard = (progress: AloneProgress) => {
    if (progress.kind !== 'thumbnail') return;
    const before = thumbnails.get(progress.id);
    if (before !== undefined) URL.revokeObjectURL(before);
    thumbnails.set(progress.id, URL.createObjectURL(progress.picture));
  };
  const add = async (given: readonly PictureFile[]) => {
    const added = await work.run((options) => client.ask('addPictures', { pictures: given }, options), heard);
    if (added !== undefined) setPictures(added);
  };
  const open = async (name: string, bytes: Promise<Uint8Array>) => {
    const opened = await work.run(async (options) =>
      client.ask('openModel', { name, bytes: await bytes, provider: 'auto' }, options),
    );
    if (opened !== undefined) setModel(opened);
    return opened;
  };
  const begin = async () => {
    const files = await work.run(siteFiles);
    if (files === undefined) return;
    const opened = await open(files.model.name, siteModel(files.model.file));
    if (opened !== undefined && files.pictures.length > 0) await add(await sitePictures(files.pictures));
  };
  useEffect(() => void begin(), []);
  const bytesOf = async (file: File) => new Uint8Array(await file.arrayBuffer());
  return {
    model,
    /** How many models have been loaded: two may have one name, and what the first found is not what the second finds. */
    loads,
    pictures,
    service,
    setModel,
    add: (given: readonly PictureFile[]) => void add(given),
    open: (file: File) => void open(file.name, bytesOf(file)),
  };
}
