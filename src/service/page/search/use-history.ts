import { useEffect, useRef, useState } from 'preact/hooks';
import { emptySearch, type PageSearch } from './page-search.ts';

/**
 * The search, with every one before it behind the browser's back button. Pictures that somebody gave are in no address; they
 * stay as long as the page does. That of an image of the store has an address, which can be sent to somebody.
 */
export function useHistory(): readonly [PageSearch, (next: PageSearch) => void] {
  const searches = useRef<PageSearch[]>([searchIn(location.hash)]);
  const [place, setPlace] = useState(0);
  const shown = useRef(0);
  const show = (at: number) => {
    shown.current = at;
    setPlace(at);
  };
  /** Puts a search behind the one that is shown. @returns its place. */
  const putAfter = (next: PageSearch) => {
    const after = shown.current + 1;
    searches.current = [...searches.current.slice(0, after), next];
    return after;
  };
  useEffect(() => {
    history.replaceState(0, '');
    const moved = ({ state }: PopStateEvent) => {
      if (typeof state === 'number' && state < searches.current.length) return show(state);
      // An address that was typed, or that is of before the page was loaded again.
      const named = searchIn(location.hash);
      if (named.query === undefined) return;
      const after = putAfter(named);
      history.replaceState(after, '');
      show(after);
    };
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const go = (next: PageSearch) => {
    const after = putAfter(next);
    history.pushState(after, '', addressOf(next));
    show(after);
  };
  return [searches.current[place], go];
}

function searchIn(hash: string): PageSearch {
  const id = new URLSearchParams(hash.replace(/^#/, '')).get('id');
  return id === null ? emptySearch : { ...emptySearch, query: { kind: 'stored', id } };
}

function addressOf({ query }: PageSearch): string {
  if (query?.kind !== 'stored') return location.pathname;
  return `#${new URLSearchParams({ id: query.id })}`;
}
