import { Worker } from 'node:worker_threads';
import { type ErrorData, errorFromData } from '../../foundation/errors/error-data.ts';
import { type PartialPictureLimits, type PictureLimits, pictureLimits } from '../decoding/picture-limits.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import type { PreparationReply, PreparationRequest } from './preparation-protocol.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

const errorsOfPictures = [UnreadableImageError];

interface Pending {
  readonly paths: readonly string[];
  resolve(files: (Uint8Array | UnreadableImageError)[]): void;
  reject(error: Error): void;
}

interface PoolThread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/**
 * Threads that read, decode and resize image files, so that the caller's thread is free and every core has work. Each has
 * up to two pictures of full size in memory. They start with the first request and keep the process alive only while
 * they owe an answer.
 */
export class PreparationPool {
  readonly #size: number;
  readonly #limits: PictureLimits;
  readonly #threads: PoolThread[] = [];
  #asked = 0;
  #ended: Error | undefined;

  /**
   * Threads run built files: from TypeScript sources, as tests run them, there is no pool, and who wants pictures prepares
   * them with `preprocess`.
   */
  static readonly available = !import.meta.url.endsWith('.ts');

  /** @throws if `threads` is not a whole number of at least 1, or as `pictureLimits`. */
  constructor(threads: number, limits: PartialPictureLimits = {}) {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new Error(`a pool of ${threads} threads makes no sense: use a whole number of at least 1`);
    }
    this.#size = threads;
    this.#limits = pictureLimits(limits);
  }

  /**
   * Prepares files by a rule, in the order in which they are asked for: for each, what `preprocess` gives or the error that
   * it throws for an image that cannot be read.
   *
   * @throws if a thread has ended, and why.
   */
  prepare(paths: readonly string[], rule: PreprocessingRule): Promise<(Uint8Array | UnreadableImageError)[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended;
      const id = this.#asked++;
      const { worker, pending } = this.#idlest();
      worker.postMessage({ id, paths, rule } satisfies PreparationRequest);
      pending.set(id, { paths, resolve, reject });
      worker.ref();
    });
  }

  /** Ends the threads at once; what is asked for and not answered fails. */
  async close(): Promise<void> {
    this.#fail(new Error('the threads that prepare pictures have been closed'));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The thread that owes least; a new one as long as there may be more and all have something to do. */
  #idlest(): PoolThread {
    const [first] = [...this.#threads].sort((a, b) => a.pending.size - b.pending.size);
    if (first !== undefined && (first.pending.size === 0 || this.#threads.length === this.#size)) return first;
    const thread = {
      worker: new Worker(new URL('./preparation-worker.js', import.meta.url), {
        execArgv: [],
        workerData: this.#limits,
      }),
      pending: new Map(),
    };
    thread.worker.unref();
    thread.worker.on('message', (reply: PreparationReply) => settle(thread, reply));
    thread.worker.on('error', (error) => this.#fail(stopped(error.message, error)));
    thread.worker.on('exit', (code) => this.#fail(stopped(`it ended with exit code ${code}`)));
    this.#threads.push(thread);
    return thread;
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const { pending } of this.#threads) {
      for (const { reject } of pending.values()) reject(this.#ended);
      pending.clear();
    }
  }
}

function stopped(why: string, cause?: Error): Error {
  const message = `a thread that prepares pictures has stopped: ${why}; load the model again`;
  return new Error(message, cause === undefined ? {} : { cause });
}

function settle({ worker, pending }: PoolThread, reply: PreparationReply): void {
  const asked = pending.get(reply.id);
  // An answer that is late for a closed pool must not let the process end before its threads have.
  if (asked === undefined) return;
  pending.delete(reply.id);
  if (pending.size === 0) worker.unref();
  if ('error' in reply) {
    asked.reject(errorFromData(reply.error, errorsOfPictures));
    return;
  }
  asked.resolve(
    reply.files.map((file, place) => ('pixels' in file ? file.pixels : unreadable(file, asked.paths[place]))),
  );
}

/** The error that a thread met at a file, with its cause and stack. */
function unreadable(file: { readonly unreadable: ErrorData }, path: string): UnreadableImageError {
  const error = errorFromData(file.unreadable, errorsOfPictures);
  return error instanceof UnreadableImageError ? error : new UnreadableImageError(path, error.message, error);
}
