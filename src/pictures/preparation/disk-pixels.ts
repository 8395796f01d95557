import { createHash, randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

/** Where prepared pixels are kept on disk, and how much of them. */
export interface DiskPixelsOptions {
  readonly folder: string;
  /** Bytes that its files may take together; never more than half of what is free on the disk. Default: 10 GiB. */
  readonly budgetBytes?: number;
  /** True keeps every picture, for later runs; false only those that memory has no room for, until `remove`. Default: false. */
  readonly keep?: boolean;
}

/** A record: SHA-1 of the picture's file, SHA-1 of what comes before and behind it, pixels. */
const digestBytes = 20;
const headBytes = 2 * digestBytes;

interface Place {
  readonly handle: FileHandle;
  readonly offset: number;
}

/** What is known of the pictures of one rule. */
interface RulePixels {
  readonly name: string;
  readonly recordBytes: number;
  readonly places: Map<string, Place>;
  /** The file that this process adds to, made with its first record. */
  own: Promise<FileHandle> | undefined;
  end: number;
}

/**
 * Prepared pixels in a folder of files, found by the content of the picture's file and the rule that they were prepared by.
 *
 * Every process adds to a file of its own and reads all of them, so that several may use a folder at once. A record carries
 * its digest: one that is cut short or damaged, by a kill at any moment or by the disk, is not there, and its picture is
 * decoded again. Where the disk is full, nothing more is added.
 */
export class DiskPixels {
  readonly keep: boolean;
  readonly #folder: string;
  readonly #budget: number;
  readonly #rules = new Map<string, Promise<RulePixels>>();
  readonly #handles: FileHandle[] = [];
  /** Files that this process added, and the outermost folder that it made for them. */
  readonly #added: string[] = [];
  #madeFolder: string | undefined;
  #room: Promise<number> | undefined;
  #taken = 0;
  #full = false;

  constructor({ folder, budgetBytes = 10 * 2 ** 30, keep = false }: DiskPixelsOptions) {
    this.#folder = folder;
    this.#budget = budgetBytes;
    this.keep = keep;
  }

  /** What a picture's file goes by: the SHA-1 of its bytes. */
  static keyOf(bytes: Uint8Array): string {
    return createHash('sha1').update(bytes).digest('hex');
  }

  /** True if pixels by this rule may be there to be read. */
  async hasAny(rule: PreprocessingRule): Promise<boolean> {
    return (await this.#of(rule)).places.size > 0;
  }

  /** The pixels of a picture, or undefined if they are not there, or damaged. */
  async read(rule: PreprocessingRule, key: string): Promise<Uint8Array | undefined> {
    const { places, recordBytes } = await this.#of(rule);
    const place = places.get(key);
    if (place === undefined) return undefined;
    const record = new Uint8Array(recordBytes);
    const { bytesRead } = await place.handle.read(record, 0, recordBytes, place.offset);
    const pixels = record.subarray(headBytes);
    if (bytesRead === recordBytes && Buffer.from(headOf(key, pixels)).equals(record.subarray(0, headBytes)))
      return pixels;
    places.delete(key);
    return undefined;
  }

  /**
   * Adds the pixels of a picture, if there is room, and says whether they are there now.
   *
   * @throws if the folder cannot be made or written into; a full disk is no error.
   */
  async write(rule: PreprocessingRule, key: string, pixels: Uint8Array): Promise<boolean> {
    const known = await this.#of(rule);
    if (known.places.has(key)) return true;
    if (this.#full) return false;
    this.#room ??= this.#measureRoom();
    const room = await this.#room;
    if (this.#taken + known.recordBytes > room) return false;
    this.#taken += known.recordBytes;
    try {
      known.own ??= this.#newFile(known.name);
      const handle = await known.own;
      const offset = known.end;
      known.end += known.recordBytes;
      await writeWhole(handle, Buffer.concat([headOf(key, pixels), pixels]), offset);
      known.places.set(key, { handle, offset });
      return true;
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '')) throw fileError('write', this.#folder, error);
      this.#full = true;
      return false;
    }
  }

  /** Closes the files; they stay. */
  async close(): Promise<void> {
    this.#rules.clear();
    await Promise.all(this.#handles.splice(0).map((handle) => handle.close()));
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Closes the files and removes them, unless they are to be kept. */
  async remove(): Promise<void> {
    await this.close();
    if (!this.keep) await rm(this.#folder, { recursive: true, force: true });
  }

  /** Closes the files and removes those that this process added: the folder is then what it was before. */
  async discard(): Promise<void> {
    await this.close();
    for (const file of this.#added.splice(0)) await rm(file, { force: true });
    if (this.#madeFolder !== undefined) await rm(this.#madeFolder, { recursive: true, force: true });
  }

  #of(rule: PreprocessingRule): Promise<RulePixels> {
    const name = nameOf(rule);
    const known = this.#rules.get(name) ?? this.#look(name, headBytes + 3 * rule.width * rule.height);
    this.#rules.set(name, known);
    return known;
  }

  /** Which pictures the files that are there hold; whether their records are whole shows when they are read. */
  async #look(name: string, recordBytes: number): Promise<RulePixels> {
    const places = new Map<string, Place>();
    for (const file of await this.#files()) {
      if (!file.startsWith(`${name}-`)) continue;
      const opened = await openOrdinaryFile(path.join(this.#folder, file)).catch((error: unknown) => {
        // Another process may have removed it.
        if (codeOf(error) !== 'ENOENT') throw fileError('read', path.join(this.#folder, file), error);
      });
      if (opened === undefined) continue;
      const { handle } = opened;
      this.#handles.push(handle);
      const { size } = opened.stats;
      const key = new Uint8Array(digestBytes);
      for (let offset = 0; offset + recordBytes <= size; offset += recordBytes) {
        // One after the other without a turn of the event loop each: there may be a million of them.
        readSync(handle.fd, key, 0, digestBytes, offset);
        places.set(Buffer.from(key).toString('hex'), { handle, offset });
      }
    }
    return { name, recordBytes, places, own: undefined, end: 0 };
  }

  async #newFile(name: string): Promise<FileHandle> {
    await this.#makeFolder();
    const file = `${name}-${process.pid}-${randomBytes(4).toString('hex')}.pixels`;
    const handle = await open(path.join(this.#folder, file), 'wx+');
    this.#handles.push(handle);
    this.#added.push(path.join(this.#folder, file));
    return handle;
  }

  async #makeFolder(): Promise<void> {
    const made = await makeFolders(this.#folder);
    this.#madeFolder ??= made;
  }

  /** Bytes that may still be added. */
  async #measureRoom(): Promise<number> {
    try {
      await this.#makeFolder();
      let taken = 0;
      for (const file of await this.#files()) {
        const stats = await stat(path.join(this.#folder, file)).catch((error: unknown) => {
          // Another process may have removed it.
          if (codeOf(error) !== 'ENOENT') throw error;
        });
        if (stats !== undefined) taken += stats.size;
      }
      const { bavail, bsize } = await statfs(this.#folder);
      return Math.min(this.#budget - taken, (bavail * bsize) / 2);
    } catch (error) {
      throw fileError('write into', this.#folder, error);
    }
  }

  async #files(): Promise<string[]> {
    try {
      return (await readdir(this.#folder)).filter((name) => name.endsWith('.pixels')).sort();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw fileError('read', this.#folder, error);
    }
  }
}

/** Names the rule and the decoder's version: what pixels depend on besides the picture's file. */
function nameOf(rule: PreprocessingRule): string {
  const entries = Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha1')
    .update(JSON.stringify([entries, sharp.versions]))
    .digest('hex')
    .slice(0, 16);
}

function headOf(key: string, pixels: Uint8Array): Uint8Array {
  const name = Buffer.from(key, 'hex');
  return Buffer.concat([name, createHash('sha1').update(name).update(pixels).digest()]);
}

async function writeWhole(handle: FileHandle, record: Uint8Array, offset: number): Promise<void> {
  let written = 0;
  while (written < record.length) {
    const { bytesWritten } = await handle.write(record, written, record.length - written, offset + written);
    written += bytesWritten;
  }
}
