import { useAddressView } from './use-address-view.ts';

/** What the page shows, by the part of the address behind its `#`. */
export const views = { search: 'Search', duplicates: 'Duplicates', map: 'Map', runs: 'Runs' } as const;

/** The name of what the page shows. */
export type ViewName = keyof typeof views;

/** What the address names; see `useAddressView`. */
export const useView = () => useAddressView<ViewName>(views);
