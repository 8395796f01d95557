import { type FileHandle, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FileError } from '../errors/file-error.ts';
import { codeOf, fileError } from './file-error.ts';
import { type JsonValue, toJson } from './json-value.ts';
import { removeLeftovers, temporaryName } from './temporary-name.ts';

/** The content of a file: one piece, or pieces in order, each taken before the next is asked for. Text is written as UTF-8. */
export type FileContent =
  | Uint8Array
  | string
  | Iterable<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>
  | HeadedContent;

/** Content whose first bytes are known when the rest has come, as the number of what follows. */
export interface HeadedContent {
  /** How many bytes the head has. */
  readonly headBytes: number;
  /** What comes after it. */
  readonly body: AsyncIterable<Uint8Array | string>;
  /** The head, once the body is written. */
  head(): Uint8Array;
}

/**
 * Writes a file so that at every moment, and after a kill or a power cut, `file` is either what it was before or the
 * whole new content: a temporary file in the same folder is written and synced, renamed over `file`, and the folder is
 * synced. The permissions of a file that is replaced are kept; a symbolic link stays and its target is replaced.
 *
 * Pieces are written as they come, so the content may be larger than memory. Temporary files that killed processes of
 * this machine left behind for the same file are removed.
 *
 * @throws one line that names the file, the reason and the next step. The temporary file is then gone and `file` is
 * untouched. What `content` itself throws is passed on as it is. A `file` that is no ordinary file (a folder, a device)
 * is refused.
 */
export async function writeAtomically(file: string, content: FileContent): Promise<void> {
  await writeTogether([[file, content]]);
}

/**
 * Writes several files as `writeAtomically` writes one, and renames none before all are whole on the medium: a full disk leaves
 * every one as it was. A kill between two renames leaves the first ones new.
 *
 * @throws as `writeAtomically` does.
 */
export async function writeTogether(files: readonly (readonly [file: string, content: FileContent])[]): Promise<void> {
  const written: Written[] = [];
  try {
    for (const [file, content] of files) written.push(await writeBeside(file, content));
    for (const one of written) {
      await rename(one.temporary, one.target).catch((error: unknown) => {
        throw fileError('write', one.file, error);
      });
    }
  } catch (error) {
    // Whether a temporary file can be removed or not, the first error is the one to tell.
    for (const { temporary } of written) await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  for (const { file, target } of written) {
    await syncFolder(path.dirname(target)).catch((error: unknown) => {
      throw fileError('write', file, error);
    });
  }
}

/** A file that is whole under a temporary name. */
interface Written {
  readonly file: string;
  readonly target: string;
  readonly temporary: string;
}

async function writeBeside(file: string, content: FileContent): Promise<Written> {
  const fail = (error: unknown): never => {
    throw fileError('write', file, error);
  };
  const { target, mode } = await fileToReplace(file).catch(fail);
  await removeLeftovers(target);
  const temporary = path.join(path.dirname(target), temporaryName(target));
  const handle = await open(temporary, 'wx', mode).catch(fail);
  try {
    try {
      for await (const block of blocks(content)) await writeWhole(handle, block).catch(fail);
      if (isHeaded(content)) await writeWhole(handle, content.head(), 0).catch(fail);
      if (mode !== undefined) await handle.chmod(mode).catch(fail);
      await handle.sync().catch(fail);
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return { file, target, temporary };
}

/** Writes a value as JSON, indented by two, atomically. @throws if JSON cannot hold the value, naming the place. */
export async function writeJsonAtomically(file: string, value: JsonValue): Promise<void> {
  const text = toJson(value, `the content of '${file}'`, 2);
  await writeAtomically(file, `${text}\n`);
}

/** Where the new file goes, links resolved, and the permissions of the file that is there. */
async function fileToReplace(file: string): Promise<{ target: string; mode?: number }> {
  let target: string;
  try {
    target = await realpath(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // A link to what is not there yet stays, too, and gets its target.
    const link = await readlink(file).catch(() => undefined);
    return link === undefined ? { target: path.resolve(file) } : fileToReplace(path.resolve(path.dirname(file), link));
  }
  const stats = await stat(target);
  if (stats.isDirectory()) throw new FileError('it is a folder; name a file');
  if (!stats.isFile()) throw new FileError('it is not an ordinary file; choose another place');
  return { target, mode: stats.mode & 0o777 };
}

/** Bytes that small pieces are gathered to before they are written. */
const blockBytes = 1 << 20;

/** The content as blocks, each of which is written before the next is asked for. Pieces are copied: theirs may be memory that is used again. */
async function* blocks(content: FileContent): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    yield bytesOf(content);
    return;
  }
  if (isHeaded(content)) yield new Uint8Array(content.headBytes);
  const block = Buffer.allocUnsafe(blockBytes);
  let length = 0;
  for await (const piece of isHeaded(content) ? content.body : content) {
    const bytes = bytesOf(piece);
    if (length + bytes.length > blockBytes) {
      yield block.subarray(0, length);
      length = 0;
    }
    if (bytes.length > blockBytes) {
      yield bytes;
      continue;
    }
    block.set(bytes, length);
    length += bytes.length;
  }
  yield block.subarray(0, length);
}

const bytesOf = (piece: Uint8Array | string): Uint8Array => (typeof piece === 'string' ? Buffer.from(piece) : piece);

function isHeaded(content: FileContent): content is HeadedContent {
  return typeof content === 'object' && 'headBytes' in content;
}

/** @param position where the bytes go. Default: behind what was written last. */
async function writeWhole(handle: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const at = position === undefined ? null : position + written;
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at);
    written += bytesWritten;
  }
}

/** Makes a rename in `folder` last. Systems that cannot sync a folder (Windows, some network mounts) are let be. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  }
}
