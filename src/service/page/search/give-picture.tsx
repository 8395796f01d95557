import { useEffect, useRef, useState } from 'preact/hooks';
import { listenForDrops } from '../listen-for-drops.ts';
import { GiveAddress } from './give-address.tsx';

/** What takes pictures. */
export interface GivePictureProps {
  readonly onPicture: (picture: Blob, name: string) => void;
  /** Fetches the picture at an address; undefined where nobody does. */
  readonly fetchPicture?: ((address: string) => Promise<Blob>) | undefined;
  /** True where nothing else is on the page yet. */
  readonly large: boolean;
}

/** Takes pictures that are dropped anywhere, pasted, chosen, taken by a phone's camera, or named by their address. */
export function GivePicture({ onPicture, fetchPicture, large }: GivePictureProps) {
  const [isOver, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const give = useRef(onPicture);
  give.current = onPicture;
  useEffect(() => listenForPictures((file) => give.current(file, file.name), setOver), []);
  const chosen = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file !== undefined) onPicture(file, file.name);
    // The same file can be chosen again.
    input.value = '';
  };
  return (
    <section class={`give${large ? ' large' : ''}${isOver ? ' over' : ''}`} aria-label="Search by a picture">
      {large && <h1>What does it look like?</h1>}
      <p>
        {large ? (
          <>
            <span class="with-mouse">Drop a picture anywhere, paste one, or choose a file.</span>
            <span class="with-finger">Choose a picture, or take one.</span>
          </>
        ) : (
          <span class="with-mouse quiet">Drop or paste another picture, or</span>
        )}
      </p>
      <p class="buttons">
        <button type="button" class={large ? 'primary' : ''} onClick={() => chooser.current?.click()}>
          Choose a picture
        </button>
        <button type="button" class="with-finger" onClick={() => camera.current?.click()}>
          Camera
        </button>
      </p>
      {fetchPicture !== undefined && <GiveAddress onPicture={onPicture} fetchPicture={fetchPicture} />}
      <input ref={chooser} type="file" accept="image/*" hidden onChange={chosen} aria-label="A picture" />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={chosen}
        aria-label="A photograph"
      />
    </section>
  );
}

/** Hears what is dropped on the page or pasted into it. @returns what ends that. */
function listenForPictures(onFile: (file: File) => void, onOver: (over: boolean) => void): () => void {
  const pictureOf = (files: FileList | undefined) => [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
  const pasted = (event: ClipboardEvent) => {
    const file = pictureOf(event.clipboardData?.files);
    if (file === undefined) return;
    event.preventDefault();
    onFile(file);
  };
  const endDrops = listenForDrops(({ files }) => {
    const file = pictureOf(files);
    if (file !== undefined) onFile(file);
  }, onOver);
  document.addEventListener('paste', pasted);
  return () => {
    endDrops();
    document.removeEventListener('paste', pasted);
  };
}
