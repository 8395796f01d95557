import { createHash } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { homeFolder } from '../../foundation/home-folder.ts';
import { encodeSafetensors, readSafetensors } from '../../graph/safetensors/safetensors.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';

/** Where features are kept between runs, and how much of them. */
export interface FeatureCacheOptions {
  /** Default: `lookalike/features` in the user's cache folder. */
  readonly folder?: string;
  /** Bytes that the folder may hold; the files that were used longest ago go first. Default: 2 GiB. */
  readonly budgetBytes?: number;
}

/** `$XDG_CACHE_HOME/lookalike/features`, or the same in `~/.cache`. */
export function usualFeatureFolder(): string {
  return path.join(process.env['XDG_CACHE_HOME'] || path.join(homeFolder(), '.cache'), 'lookalike', 'features');
}

/** In a file name: the SHA-256 of what the file holds. */
const entryName = /^([0-9a-f]{64})\.safetensors$/;

/** Hexadecimal digits of an image's key. */
const keyDigits = 40;

/**
 * Feature vectors on disk: one folder for each model (its file, its cut, how pictures enter it and what runs it), in it files
 * of vectors by the SHA-1 of prepared pixels. Runs share it; several may use it at once.
 *
 * A file is named after the SHA-256 of its content and written atomically, so that it is whole or not there. One whose
 * content is not what its name says is removed, and what it held is computed again.
 */
export class FeatureCache {
  readonly #folder: string;
  readonly #budget: number;
  readonly #model: string;

  /** @param model names everything besides the pixels that features depend on. */
  constructor(model: string, { folder = usualFeatureFolder(), budgetBytes = 2 ** 31 }: FeatureCacheOptions = {}) {
    this.#folder = folder;
    this.#budget = budgetBytes;
    this.#model = path.join(folder, createHash('sha256').update(model).digest('hex'));
  }

  /**
   * The vectors of `length` numbers that are known for some of the keys. Damaged files are removed on the way.
   *
   * @throws if the folder is there and cannot be read.
   */
  async read(keys: ReadonlySet<string>, length: number): Promise<Map<string, Float32Array>> {
    const found = new Map<string, Float32Array>();
    for (const name of await namesIn(this.#model)) {
      const file = path.join(this.#model, name);
      const entries = await readEntry(file, length);
      if (entries === undefined) {
        await rm(file, { force: true });
        continue;
      }
      let used = false;
      for (const [key, vector] of entries) {
        if (!keys.has(key)) continue;
        found.set(key, vector);
        used = true;
      }
      const now = new Date();
      // Another run may have made room of it.
      if (used) await utimes(file, now, now).catch(() => undefined);
    }
    return found;
  }

  /**
   * Adds vectors, all of one length, and makes room for them. More than the budget is not kept.
   *
   * @throws if the folder cannot be made or written into.
   */
  async write(vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
    if (vectors.size === 0) return;
    await makeFolders(this.#model).catch((error: unknown) => {
      throw fileError('make', this.#model, error);
    });
    const pieces = encodeEntry(vectors);
    const digest = createHash('sha256');
    // What `readSafetensors` shows: all but the header's length.
    for (const piece of pieces.slice(1)) digest.update(piece);
    await writeAtomically(path.join(this.#model, `${digest.digest('hex')}.safetensors`), pieces);
    await this.#makeRoom();
  }

  async #makeRoom(): Promise<void> {
    const files: { readonly file: string; readonly bytes: number; readonly used: number }[] = [];
    for (const model of await namesIn(this.#folder, /^[0-9a-f]{64}$/)) {
      for (const name of await namesIn(path.join(this.#folder, model))) {
        const file = path.join(this.#folder, model, name);
        const stats = await stat(file).catch(() => undefined);
        if (stats !== undefined) files.push({ file, bytes: stats.size, used: stats.mtimeMs });
      }
    }
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { file, bytes } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#budget) return;
      await rm(file, { force: true });
      total -= bytes;
    }
  }
}

function encodeEntry(vectors: ReadonlyMap<string, Float32Array>): Uint8Array[] {
  const keys = [...vectors.keys()];
  const length = vectors.get(keys[0])!.length;
  const features = tensor('float32', [keys.length, length]);
  for (const [row, key] of keys.entries()) features.data.set(vectors.get(key)!, row * length);
  const digests: Tensor = tensor(
    'uint8',
    [keys.length, keyDigits / 2],
    Uint8Array.from(Buffer.from(keys.join(''), 'hex')),
  );
  return [
    ...encodeSafetensors(
      new Map<string, Tensor>([
        ['features', features],
        ['keys', digests],
      ]),
    ),
  ];
}

/** What a file holds, or undefined if it is damaged, or has vectors of another length. */
async function readEntry(file: string, length: number): Promise<Map<string, Float32Array> | undefined> {
  const digest = createHash('sha256');
  const content = await readSafetensors(file, (piece) => digest.update(piece)).catch(() => undefined);
  const [, written] = entryName.exec(path.basename(file)) ?? [];
  if (content === undefined || digest.digest('hex') !== written) return undefined;
  const [features, keys] = [content.tensors.get('features'), content.tensors.get('keys')];
  if (features?.type !== 'float32' || keys?.type !== 'uint8' || features.shape[1] !== length) return undefined;
  const digits = Buffer.from(keys.data).toString('hex');
  return new Map(
    Array.from({ length: features.shape[0] }, (_, row) => [
      digits.slice(row * keyDigits, (row + 1) * keyDigits),
      features.data.slice(row * length, (row + 1) * length),
    ]),
  );
}

async function namesIn(folder: string, pattern = entryName): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileError('read', folder, error);
  }
}
