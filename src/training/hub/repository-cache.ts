import { readFile, rename, symlink } from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../foundation/files/exists.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { removeLeftovers, temporaryName } from '../../foundation/files/temporary-name.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';

const commitForm = /^[0-9a-f]{40}$/;

/** True of the hash of a commit, written out. */
export const isCommit = (text: string): boolean => commitForm.test(text);

/**
 * What is kept of one repository, in the layout that Python's huggingface_hub and other programs share:
 *
 * - `blobs/<hash>`: contents, by SHA-256 where the hub states it, else by git's hash
 * - `snapshots/<commit>/<path>`: a link to the content that a file has in a commit
 * - `refs/<revision>`: the commit that a branch or tag was when it was asked for
 * - `.no_exist/<commit>/<path>`: an empty file for one that the commit does not have
 */
export class RepositoryCache {
  /** `models--owner--name` in the cache. */
  readonly folder: string;
  readonly #locks: string;

  constructor(cache: string, repository: string) {
    const name = ['models', ...repository.split('/')].join('--');
    this.folder = path.join(cache, name);
    this.#locks = path.join(cache, '.locks', name);
  }

  /** The commit of a revision: itself where it is one, else what it was when it was last asked for, if it was. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const text = await readFile(path.join(this.folder, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  /** Path of a file of a commit; undefined if it is not here. */
  async file(commit: string, name: string): Promise<string | undefined> {
    const file = this.#snapshot(commit, name);
    return (await exists(file)) ? file : undefined;
  }

  /** True if it is known that the commit has no such file. */
  async lacks(commit: string, name: string): Promise<boolean> {
    return exists(path.join(this.folder, '.no_exist', commit, name));
  }

  /** Remembers that a commit has no such file. */
  async rememberLack(commit: string, name: string): Promise<void> {
    await this.#write(path.join(this.folder, '.no_exist', commit, name), '');
  }

  /** Remembers which commit a branch or tag is; nothing is written where that is known, for a cache may be one to read alone. */
  async rememberRevision(revision: string, commit: string): Promise<void> {
    if ((await this.commitOf(revision)) !== commit) await this.#write(path.join(this.folder, 'refs', revision), commit);
  }

  /** Where a content is, or is to be; its folder is made. */
  async blob(hash: string): Promise<string> {
    return path.join(await madeFolder(path.join(this.folder, 'blobs')), hash);
  }

  /** The lock of a content that is being fetched by this program; others have their own. */
  async lock(hash: string): Promise<string> {
    return path.join(await madeFolder(this.#locks), `${hash}.lookalike`);
  }

  /** Gives a content its place in a commit; returns the file's path. */
  async place(commit: string, name: string, blob: string): Promise<string> {
    const file = this.#snapshot(commit, name);
    const folder = await madeFolder(path.dirname(file));
    await removeLeftovers(file);
    const temporary = path.join(folder, temporaryName(file));
    try {
      await symlink(path.relative(folder, blob), temporary);
      await rename(temporary, file);
    } catch (error) {
      // Windows lets not everybody make links; the content itself is moved there, as huggingface_hub does.
      if (codeOf(error) !== 'EPERM') throw fileError('make', file, error);
      await rename(blob, file).catch((failed: unknown) => {
        throw fileError('make', file, failed);
      });
    }
    return file;
  }

  #snapshot(commit: string, name: string): string {
    return path.join(this.folder, 'snapshots', commit, name);
  }

  async #write(file: string, text: string): Promise<void> {
    await madeFolder(path.dirname(file));
    await writeAtomically(file, text);
  }
}

async function madeFolder(folder: string): Promise<string> {
  await makeFolders(folder).catch((error: unknown) => {
    throw fileError('make', folder, error);
  });
  return folder;
}
