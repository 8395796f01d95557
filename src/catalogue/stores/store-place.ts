import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StoreError } from '../../foundation/errors/store-error.ts';

/** The scheme of an address, in small letters; undefined of what is the name of a folder. An address has `://` behind its scheme. */
export function schemeOfStore(uri: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1].toLowerCase();
}

/**
 * The folder that the name of a store means, as a full path; undefined where it is an address of another kind, such as
 * `s3://bucket/store`. An address has `://` behind its scheme: `memory:`, `file:a/b` and `C:\store` are folders of these names.
 *
 * @throws if the name is empty, or the `file://` address of another machine.
 */
export function folderOfStore(uri: string): string | undefined {
  if (uri === '') throw new StoreError("a store's name is empty: name the folder that it is in, or will be");
  const scheme = schemeOfStore(uri);
  if (scheme === undefined) return path.resolve(uri);
  if (scheme !== 'file') return undefined;
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw new StoreError(`'${uri}' is not the address of a folder (${(error as Error).message}): give its path`);
  }
}
