import { useAddressView } from '../../service/page/use-address-view.ts';

/** What the page shows, by the part of the address behind its `#`. */
export const views = { search: 'Search', train: 'Train' } as const;

/** What the address names; see `useAddressView`. */
export const useAloneView = () => useAddressView<keyof typeof views>(views);
