import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { DownloadError } from '../../foundation/errors/download-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { beginHash, hashKind, type StatedContent } from './content-hash.ts';
import { UnfinishedRequest } from './hub-fetch.ts';

/** How a download is watched and ended, and how patient it is. */
export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes are on the disk, those of earlier attempts too. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Milliseconds before the first new attempt; each further one waits twice as long. Default: 1,000. */
  readonly pause?: number | undefined;
  /** Milliseconds without a byte after which a connection counts as broken. Default: 30,000. */
  readonly silence?: number | undefined;
}

/** Gives the bytes of a content from one on; aborting `signal` ends it. */
export type OpenContent = (from: number, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Attempts in a row that bring no byte. */
const fruitlessAttempts = 5;
/** What the file of a content is called until it is whole. Other programs have `.incomplete` for theirs. */
const unfinished = '.lookalike-incomplete';

/**
 * Brings a content to `file`, which is there whole and right, or not at all. Bytes go to a file beside it, which stays where
 * the download breaks off, the process is killed or the signal aborts; the next call goes on behind its last byte. A connection
 * that breaks is opened anew. What is no content of the stated hash is removed; where a part of it was of an earlier call, it
 * is fetched once more from its first byte.
 *
 * @param name what it is called in errors.
 * @throws DownloadError if it is not what was stated, or no more of it can be had; what `open` throws that is no
 * `UnfinishedRequest`; FileError if the disk does not take it.
 */
export async function downloadContent(
  file: string,
  content: StatedContent,
  name: string,
  open: OpenContent,
  options: DownloadOptions = {},
): Promise<void> {
  const partial = `${file}${unfinished}`;
  const resumed = await receive(partial, content, name, open, options);
  if (!resumed.right && resumed.before > 0) {
    await rm(partial, { force: true });
    resumed.right = (await receive(partial, content, name, open, options)).right;
  }
  if (!resumed.right) {
    await rm(partial, { force: true });
    throw new DownloadError(
      `${name} was not kept: its bytes are not those of the ${hashKind(content)} that the hub states, ${content.hash}; it was damaged on its way, so run the command again`,
    );
  }
  await rename(partial, file).catch((error: unknown) => {
    throw fileError('make', file, error);
  });
}

interface Received {
  /** Bytes that an earlier call had left. */
  readonly before: number;
  /** True if the bytes are those that were stated. */
  right: boolean;
}

async function receive(
  partial: string,
  content: StatedContent,
  name: string,
  openContent: OpenContent,
  options: DownloadOptions,
): Promise<Received> {
  const hash = beginHash(content);
  const before = await readPartial(partial, content.bytes, hash);
  const handle = await open(partial, before === 0 ? 'w' : 'a').catch((error: unknown) => {
    throw fileError('write', partial, error);
  });
  try {
    const sink = new Sink(handle, partial, hash, before);
    options.onProgress?.(sink.done, content.bytes);
    await untilWhole(sink, content, name, openContent, options);
    await handle.sync();
    return { before, right: sink.done === content.bytes && hash.digest('hex') === content.hash };
  } finally {
    await handle.close();
  }
}

/** Hashes what an earlier call left, and returns how many bytes that are; 0 where it cannot be the content. */
async function readPartial(partial: string, bytes: number, hash: Hash): Promise<number> {
  const found = await stat(partial).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > bytes) return 0;
  for await (const piece of createReadStream(partial)) hash.update(piece);
  return found.size;
}

/** Where bytes go: to the disk and into the hash. */
class Sink {
  done: number;
  readonly #handle: FileHandle;
  readonly #file: string;
  readonly #hash: Hash;

  constructor(handle: FileHandle, file: string, hash: Hash, done: number) {
    this.#handle = handle;
    this.#file = file;
    this.#hash = hash;
    this.done = done;
  }

  async take(piece: Uint8Array): Promise<void> {
    await this.#handle.appendFile(piece).catch((error: unknown) => {
      throw fileError('write', this.#file, error);
    });
    this.#hash.update(piece);
    this.done += piece.length;
  }
}

async function untilWhole(
  sink: Sink,
  { bytes }: StatedContent,
  name: string,
  openContent: OpenContent,
  { signal, onProgress, pause = 1000, silence = 30_000 }: DownloadOptions,
): Promise<void> {
  for (let fruitless = 0; sink.done < bytes; ) {
    const before = sink.done;
    let reason = 'the connection ended early';
    try {
      for await (const piece of wakeful(openContent, sink.done, silence, signal)) {
        await sink.take(piece);
        onProgress?.(sink.done, bytes);
        if (sink.done > bytes) return;
      }
    } catch (error) {
      throwIfAborted(signal);
      if (!(error instanceof UnfinishedRequest)) throw error;
      reason = error.message;
    }
    if (sink.done === bytes) return;
    fruitless = sink.done > before ? 0 : fruitless + 1;
    if (fruitless === fruitlessAttempts) {
      throw new DownloadError(
        `${name} broke off after ${sink.done} of ${bytes} bytes, which are kept: run the command again, and it goes on there (${reason})`,
      );
    }
    await sleep(pause * 2 ** fruitless, undefined, signal === undefined ? {} : { signal }).catch(() =>
      throwIfAborted(signal),
    );
  }
}

/** The pieces of a content, with an error where none comes for `silence` milliseconds. */
async function* wakeful(
  openContent: OpenContent,
  from: number,
  silence: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), silence);
  try {
    const signals = signal === undefined ? [silent.signal] : [silent.signal, signal];
    for await (const piece of openContent(from, AbortSignal.any(signals))) {
      timer.refresh();
      yield piece;
    }
  } catch (error) {
    if (silent.signal.aborted) throw new UnfinishedRequest(`nothing came for ${silence / 1000} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
