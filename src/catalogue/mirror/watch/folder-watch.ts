import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Event, Options, SubscribeCallback } from '@parcel/watcher';
import { FileError } from '../../../foundation/errors/file-error.ts';
import { hasImageExtension } from '../../../pictures/datasets/image-extensions.ts';
import { systemFolderContent } from '../../../pictures/datasets/system-folders.ts';

/** What is used of the package that hears of changes from the system. */
export interface WatcherLibrary {
  subscribe(folder: string, heard: SubscribeCallback, options?: Options): Promise<{ unsubscribe(): Promise<void> }>;
}

/** Where changes are looked for, and who hears of them. */
export interface FolderWatchOptions {
  readonly folder: string;
  /** Folders below it that are none of the pictures': a store. */
  readonly ignore: readonly string[];
  /** Files that are no images and matter: a CSV, a sidecar. */
  readonly files: readonly string[];
  /** Something that may matter has changed, or the system can no longer say. */
  readonly onChange: () => void;
}

/**
 * Hears from the system of what changes in a folder and below it, from now on.
 *
 * @throws FileError if the package for that is not installed, or the system watches no more folders.
 */
export async function watchFolder(
  { folder, ignore, files, onChange }: FolderWatchOptions,
  load: () => Promise<WatcherLibrary> = async () => (await import('@parcel/watcher')).default,
): Promise<AsyncDisposable> {
  const library = await load().catch((error: unknown) => {
    throw new FileError(
      'changes of a folder are heard of by the package @parcel/watcher, which is not installed or has no binary for this platform: ' +
        'npm install @parcel/watcher@2.6.0, or look at the whole folder again and again with options.poll',
      { cause: error },
    );
  });
  const root = await realpath(folder).catch(() => folder);
  const named = new Set(files.map((file) => path.resolve(file)));
  const heard: SubscribeCallback = (error, events) => {
    if (error !== null || events.some((event) => matters(root, named, event))) onChange();
  };
  try {
    const subscription = await library.subscribe(root, heard, { ignore: ignore.map((one) => path.resolve(one)) });
    return { [Symbol.asyncDispose]: () => subscription.unsubscribe() };
  } catch (error) {
    throw new FileError(
      `the system does not watch the folder '${folder}' (${(error as Error).message}): raise its limit ` +
        '(Linux: sysctl fs.inotify.max_user_watches), or look at the whole folder again and again with options.poll',
      { cause: error },
    );
  }
}

/** True of what may change the images of a folder: not of hidden files, of a system's own folders, of other files' content. */
function matters(root: string, named: ReadonlySet<string>, { path: changed, type }: Event): boolean {
  if (named.has(changed)) return true;
  const parts = path.relative(root, changed).split(path.sep);
  if (parts.some((part) => part.startsWith('.') || systemFolderContent(part) !== undefined)) return false;
  return type !== 'update' || hasImageExtension(path.basename(changed));
}
