import { useEffect, useState } from 'preact/hooks';

/** What the page shows, by the part of the address behind its `#`. */
export const views = { search: 'Search', train: 'Train' } as const;

type AloneView = keyof typeof views;

/** What the address names, and what shows the search again where that has not come by an address. */
export function useAloneView(): readonly [AloneView, () => void] {
  const [view, setView] = useState(viewIn(location.hash));
  useEffect(() => {
    const moved = () => setView(viewIn(location.hash));
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  return [view, () => setView('search')];
}

function viewIn(hash: string): AloneView {
  return hash === '#train' ? 'train' : 'search';
}
