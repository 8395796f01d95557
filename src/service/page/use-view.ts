import { useEffect, useState } from 'preact/hooks';

/** What the page shows, by the part of the address behind its `#`. */
export const views = { search: 'Search', duplicates: 'Duplicates', map: 'Map', runs: 'Runs' } as const;

/** The name of what the page shows. */
export type ViewName = keyof typeof views;

/** What the address names, and what shows the search again where that has not come by an address. */
export function useView(): readonly [ViewName, () => void] {
  const [view, setView] = useState(viewIn(location.hash));
  useEffect(() => {
    const moved = () => setView(viewIn(location.hash));
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  return [view, () => setView('search')];
}

function viewIn(hash: string): ViewName {
  const name = hash.replace(/^#/, '');
  return Object.hasOwn(views, name) ? (name as ViewName) : 'search';
}
