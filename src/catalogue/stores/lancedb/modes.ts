import { chmod, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The mode of the files that LanceDB makes, whatever the umask is: they begin as temporary ones. */
const temporaryMode = 0o600;

/**
 * Gives the files that LanceDB made in a folder the mode that other files of this process have, so that whoever may read the
 * folder may search the store. Files of other users, and those that go meanwhile, are passed over.
 */
export async function giveFileMode(folder: string, mode: number): Promise<void> {
  if (mode === temporaryMode || process.platform === 'win32') return;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && (found.mode & 0o777) === temporaryMode) await chmod(file, mode).catch(() => undefined);
  }
}
