import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../../foundation/files/file-error.ts';
import { removeLeftovers, temporaryName } from '../../foundation/files/temporary-name.ts';

/**
 * Vectors of one length on disk, each at a place of its own: what comes in any order goes out in the order of the places, without all
 * of it being in memory.
 */
export class SpilledVectors {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #temporary: string;
  readonly #dimension: number;

  private constructor(file: string, handle: FileHandle, temporary: string, dimension: number) {
    this.#file = file;
    this.#handle = handle;
    this.#temporary = temporary;
    this.#dimension = dimension;
  }

  /** Keeps them beside `file`, under a temporary name of its writers. @throws FileError that names `file` if nothing can be written there. */
  static async beside(file: string, dimension: number): Promise<SpilledVectors> {
    await removeLeftovers(path.resolve(file));
    const temporary = path.join(path.dirname(path.resolve(file)), temporaryName(file));
    const handle = await open(temporary, 'wx+', 0o600).catch((error: unknown) => {
      throw fileError('write', file, error);
    });
    return new SpilledVectors(file, handle, temporary, dimension);
  }

  /** Puts vectors at their places, in any order; those at places that follow each other are written together. */
  async put(vectors: readonly { readonly place: number; readonly vector: Float32Array }[]): Promise<void> {
    const sorted = [...vectors].sort((a, b) => a.place - b.place);
    for (let first = 0, end = 1; first < sorted.length; first = end, end++) {
      while (end < sorted.length && sorted[end].place === sorted[first].place + (end - first)) end++;
      const run = new Float32Array((end - first) * this.#dimension);
      for (let n = first; n < end; n++) run.set(sorted[n].vector, (n - first) * this.#dimension);
      await this.#transfer('write', new Uint8Array(run.buffer), sorted[first].place);
    }
  }

  /** The vectors at some places that follow each other. What was never put has zeros. */
  async get(first: number, count: number): Promise<Float32Array[]> {
    const all = new Float32Array(count * this.#dimension);
    await this.#transfer('read', new Uint8Array(all.buffer), first);
    return Array.from({ length: count }, (_, n) => all.slice(n * this.#dimension, (n + 1) * this.#dimension));
  }

  async #transfer(action: 'read' | 'write', bytes: Uint8Array, place: number): Promise<void> {
    const position = 4 * this.#dimension * place;
    try {
      for (let done = 0; done < bytes.length; ) {
        const rest = [bytes, done, bytes.length - done, position + done] as const;
        if (action === 'write') done += (await this.#handle.write(...rest)).bytesWritten;
        else {
          const { bytesRead } = await this.#handle.read(...rest);
          // Beyond the last vector that was put.
          if (bytesRead === 0) return;
          done += bytesRead;
        }
      }
    } catch (error) {
      throw fileError(action, this.#file, error);
    }
  }

  /** Removes them. */
  async close(): Promise<void> {
    await this.#handle.close();
    await rm(this.#temporary, { force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
