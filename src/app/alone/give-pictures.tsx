import { useEffect, useRef, useState } from 'preact/hooks';
import { listenForDrops } from '../../service/page/listen-for-drops.ts';
import { chosenPictures, droppedPictures } from './pictures/picture-files.ts';
import type { PictureFile } from './worker/protocol.ts';

/** What takes pictures to be searched. */
export interface GivePicturesProps {
  readonly onPictures: (pictures: readonly PictureFile[]) => void;
  /** True where there are none yet: what is dropped anywhere is then one of them. */
  readonly isFirst: boolean;
  readonly disabled: boolean;
}

/** Takes a folder, or pictures, to be searched and learnt from. */
export function GivePictures({ onPictures, isFirst, disabled }: GivePicturesProps) {
  const [isOver, setOver] = useState(false);
  const give = useRef(onPictures);
  give.current = onPictures;
  const take = async ({ items }: DataTransfer) => give.current(await droppedPictures(items));
  useEffect(
    () => (isFirst && !disabled ? listenForDrops((dropped) => void take(dropped), setOver) : undefined),
    [isFirst, disabled],
  );
  const buttons = <Choosers onPictures={onPictures} isFirst={isFirst} disabled={disabled} />;
  if (!isFirst) return buttons;
  return (
    <section class={`give large${isOver ? ' over' : ''}`} aria-label="Give pictures">
      <h1>Search your pictures, here alone</h1>
      <p>
        <span class="with-mouse">Drop a folder of pictures anywhere, or choose one.</span>
        <span class="with-finger">Choose some pictures.</span>
      </p>
      {buttons}
      <p class="quiet">They stay in this page: nothing is sent anywhere, and nothing is kept when it is closed.</p>
    </section>
  );
}

/** What makes an input take folders; browsers have it under this name alone. */
const wholeFolders = { webkitdirectory: true };

function Choosers({ onPictures, isFirst, disabled }: GivePicturesProps) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const chosen = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const pictures = chosenPictures(input.files ?? []);
    // The same files can be chosen again.
    input.value = '';
    onPictures(pictures);
  };
  return (
    <>
      <p class="buttons">
        <button
          type="button"
          class={`with-mouse${isFirst ? ' primary' : ''}`}
          disabled={disabled}
          onClick={() => folder.current?.click()}
        >
          {isFirst ? 'Choose a folder' : 'Add a folder'}
        </button>
        <button type="button" disabled={disabled} onClick={() => files.current?.click()}>
          {isFirst ? 'Choose pictures' : 'Add pictures'}
        </button>
      </p>
      <input ref={folder} type="file" {...wholeFolders} hidden onChange={chosen} aria-label="A folder of pictures" />
      <input ref={files} type="file" accept="image/*" multiple hidden onChange={chosen} aria-label="Pictures" />
    </>
  );
}
