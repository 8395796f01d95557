import { UsageError } from '../../foundation/errors/usage-error.ts';

/** A file of a repository of models on the Hugging Face Hub. */
export interface HubAddress {
  /** `owner/name`. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** Its path in the repository, with `/`. */
  readonly path: string;
}

/** What an address of the hub begins with, as somebody types it. */
export const hubScheme = 'hf:';

/** How an address is written. */
export const hubAddressForm = 'hf:owner/repository[@revision]/path/of/file';

const usualRevision = 'main';
const written = /^hf:([\w.-]+\/[\w.-]+?)(?:@([^/]+))?\/(.+)$/;

/**
 * Reads `hf:owner/repository[@revision]/path`. Without a revision it is `main`; a slash in a revision is written `%2F`. Undefined
 * if it is not so written, or a part of it could lead out of a folder (`..`, a backslash, an empty name).
 */
export function hubAddressOf(text: string): HubAddress | undefined {
  const [, repository = '', at = usualRevision, path = ''] = written.exec(text) ?? [];
  const revision = decoded(at);
  const names = [repository, revision, path].flatMap((part) => part.split('/'));
  return names.every(isPlainName) ? { repository, revision, path } : undefined;
}

/** The same where it has to be one. @throws UsageError if it is none. */
export function parseHubAddress(text: string): HubAddress {
  const address = hubAddressOf(text);
  if (address !== undefined) return address;
  throw new UsageError(
    `'${text}' is no address of a file on the hub: write ${hubAddressForm}, as hf:onnx-community/dinov2-small/onnx/model.onnx`,
    { path: 'address', expected: hubAddressForm, value: text },
  );
}

/** An address as somebody types it; `main` is left out. */
export function hubAddressText({ repository, revision, path }: HubAddress): string {
  const at = revision === usualRevision ? '' : `@${encodeURIComponent(revision)}`;
  return `${hubScheme}${repository}${at}/${path}`;
}

/** True of the name of one file or folder that stays where it is put, on every system. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[\\:\0]/.test(name);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '..';
  }
}
