import { FileError } from '../errors/file-error.ts';
import { LookalikeError } from '../errors/lookalike-error.ts';

/** What an operating system's code means, and what somebody can do about it. */
const explanations: Readonly<Record<string, readonly [reason: string, nextStep: string]>> = {
  EACCES: ['permission is denied', 'change the permissions or choose another place'],
  EAGAIN: ['it has nothing to be read now', 'copy its content into an ordinary file'],
  EBUSY: ['it is in use by something else', 'close what uses it and try again'],
  EDQUOT: ['the disk quota is used up', 'free some space or choose another place'],
  EEXIST: ['something else is there already', 'choose another place, or move it away'],
  EFBIG: ['the file would be larger than the file system or the limit (ulimit -f) allows', 'choose another place'],
  EIO: ['the disk reports an input/output error', 'check the disk and choose another place'],
  EISDIR: ['it is a folder', 'name a file'],
  ELOOP: ['its path is a loop of symbolic links', 'remove the loop or choose another place'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n) and try again'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter name'],
  ENOENT: ['there is no such file or folder', 'check the path, or make its folder first'],
  ENOSPC: ['the disk is full', 'free some space or choose another place'],
  ENOTDIR: ['a part of its path is a file, not a folder', 'check the path'],
  EPERM: ['the operation is not permitted', 'change the permissions or choose another place'],
  EROFS: ['the file system is read-only', 'choose another place'],
};

/**
 * One line for an operation on a file that failed: what was tried, on which path, why it failed, what to do next.
 * `cannot write 'run/model.onnx': the disk is full (ENOSPC); free some space or choose another place`.
 *
 * An error that does not come from the operating system keeps its own message as the reason. `cause` is the error.
 *
 * @param action the verb behind "cannot": `write`, `read`.
 */
export function fileError(action: string, path: string, error: unknown): FileError {
  return new FileError(`cannot ${action} '${path}': ${errorReason(error)}`, { cause: error });
}

/** Why an operation on a file failed and what to do next, without the path: `it is a folder (EISDIR); name a file`. */
export function errorReason(error: unknown): string {
  const code = codeOf(error);
  const explanation = code === undefined ? undefined : explanations[code];
  if (explanation !== undefined) return `${explanation[0]} (${code}); ${explanation[1]}`;
  return error instanceof Error ? error.message : String(error);
}

/** True of an error that says that there is nothing at a path; one that nobody may look at may be there. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

/** The operating system's code of an error (`ENOENT`), or undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error instanceof LookalikeError) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
