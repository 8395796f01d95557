import { useEffect, useRef, useState } from 'preact/hooks';

/** What takes the picture at an address, and what fetches it. */
export interface GiveAddressProps {
  readonly onPicture: (picture: Blob, name: string) => void;
  readonly fetchPicture: (address: string) => Promise<Blob>;
}

/** Takes the address of a picture: typed, or pasted anywhere on the page. */
export function GiveAddress({ onPicture, fetchPicture }: GiveAddressProps) {
  const [address, setAddress] = useState('');
  const [isFetching, setFetching] = useState(false);
  const [problem, setProblem] = useState('');
  const asked = useRef(0);
  const take = (given: string) => {
    const number = ++asked.current;
    setAddress(given);
    setFetching(true);
    setProblem('');
    fetchPicture(given).then(
      (picture) => {
        if (number !== asked.current) return;
        setFetching(false);
        setAddress('');
        onPicture(picture, nameOfAddress(given));
      },
      (error: Error) => {
        if (number !== asked.current) return;
        setFetching(false);
        setProblem(error.message);
      },
    );
  };
  const newest = useRef(take);
  newest.current = take;
  useEffect(() => listenForAddresses((pasted) => newest.current(pasted)), []);
  return (
    <form
      class="address"
      aria-label="A picture by its address"
      aria-busy={isFetching}
      onSubmit={(event) => {
        event.preventDefault();
        if (addressIn(address) !== undefined) take(address.trim());
        else setProblem('Give an address of http: or https:.');
      }}
    >
      <input
        type="text"
        inputMode="url"
        value={address}
        placeholder="or its address"
        aria-label="Address of a picture"
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => setAddress(currentTarget.value)}
      />
      <button type="submit" disabled={isFetching}>
        {isFetching ? 'Fetching' : 'Fetch'}
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

/** Hears addresses that are pasted where nothing is typed. @returns what ends that. */
function listenForAddresses(onAddress: (address: string) => void): () => void {
  const pasted = (event: ClipboardEvent) => {
    if (event.target instanceof HTMLInputElement || (event.clipboardData?.files.length ?? 0) > 0) return;
    const address = addressIn(event.clipboardData?.getData('text/plain') ?? '');
    if (address === undefined) return;
    event.preventDefault();
    onAddress(address);
  };
  document.addEventListener('paste', pasted);
  return () => document.removeEventListener('paste', pasted);
}

function addressIn(text: string): string | undefined {
  const trimmed = text.trim();
  return /^https?:\/\/\S+$/i.test(trimmed) && URL.canParse(trimmed) ? trimmed : undefined;
}

/** What people read of it: the last part of its path, else its host. */
function nameOfAddress(address: string): string {
  const { pathname, host } = new URL(address);
  return pathname.split('/').findLast((part) => part !== '') ?? host;
}
