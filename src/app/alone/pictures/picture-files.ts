import type { PictureFile } from '../worker/protocol.ts';

/** Pictures of what somebody chose: files, or a folder with all that lies below. */
export function chosenPictures(files: Iterable<File>): PictureFile[] {
  return named([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Pictures of what somebody dropped, folders with all that lies below. */
export async function droppedPictures(items: DataTransferItemList): Promise<PictureFile[]> {
  // Entries are there only as long as the event is handled.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: PathFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return named(found);
}

interface PathFile {
  readonly path: string;
  readonly file: File;
}

async function walk(entry: FileSystemEntry, found: PathFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    found.push({ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A folder's entries come some at a time, and none at its end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** Pictures by their paths, without the folder that all of them are in. */
function named(all: readonly PathFile[]): PictureFile[] {
  const pictures = all.filter(({ path, file }) => file.type.startsWith('image/') && !/(^|\/)\./.test(path));
  const [top] = pictures[0]?.path.split('/') ?? [];
  const isShared = pictures.every(({ path }) => path.startsWith(`${top}/`));
  return pictures.map(({ path, file }) => ({ id: isShared ? path.slice(top.length + 1) : path, file }));
}
