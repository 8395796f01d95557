import { useEffect, useState } from 'preact/hooks';

/**
 * Which of some views the part of the address behind its `#` names, the first one where it names none, and what shows the first again
 * where that has not come by an address.
 */
export function useAddressView<Name extends string>(
  views: Readonly<Record<Name, string>>,
): readonly [Name, () => void] {
  const [first] = Object.keys(views) as Name[];
  const named = (): Name => {
    const name = location.hash.replace(/^#/, '');
    return Object.hasOwn(views, name) ? (name as Name) : first;
  };
  const [view, setView] = useState(named);
  useEffect(() => {
    const moved = () => setView(named());
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  return [view, () => setView(first)];
}
