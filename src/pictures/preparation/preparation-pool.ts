import { Worker } from 'node:worker_threads';
import { builtEntry } from '../../foundation/built-entry.ts';
import { OwedAnswers } from '../../foundation/concurrency/owed-answers.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { type ErrorData, errorFromData } from '../../foundation/errors/error-data.ts';
import { type PartialPictureLimits, type PictureLimits, pictureLimits } from '../decoding/picture-limits.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import type { PreparationReply, PreparationRequest, PreparationWork } from './preparation-protocol.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

const errorsOfPictures = [UnreadableImageError];

type Sources = readonly (string | Uint8Array)[];
type Prepared = (Uint8Array | UnreadableImageError)[];

interface PoolThread {
  readonly worker: Worker;
  readonly owed: OwedAnswers<Prepared, Sources>;
}

/**
 * Threads that read, decode and resize pictures, so that the caller's thread is free and every core has work. Each has
 * up to two pictures of full size in memory. They start with the first request and keep the process alive only while
 * they owe an answer.
 */
export class PreparationPool {
  readonly #size: number;
  readonly #limits: PictureLimits;
  readonly #threads: PoolThread[] = [];
  #ended: Error | undefined;

  /**
   * Threads run built files: from TypeScript sources, as tests run them, there is no pool, and who wants pictures prepares
   * them with `preprocess`.
   */
  static readonly available = !import.meta.url.endsWith('.ts');

  /** @throws if `threads` is not a whole number of at least 1, or as `pictureLimits`. */
  constructor(threads: number, limits: PartialPictureLimits = {}) {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new EngineError(`a pool of ${threads} threads makes no sense: use a whole number of at least 1`);
    }
    this.#size = threads;
    this.#limits = pictureLimits(limits);
  }

  /**
   * Prepares pictures by a rule, in the order in which they are asked for: for each, what `preprocess` gives or the error that
   * it throws for an image that cannot be read.
   *
   * @param sources paths of files, and bytes of image files, which are copied.
   * @throws if a thread has ended, and why.
   */
  prepare(
    sources: readonly (string | Uint8Array)[],
    rule: PreprocessingRule,
  ): Promise<(Uint8Array | UnreadableImageError)[]> {
    return this.#ask(sources, { kind: 'input', rule });
  }

  /**
   * A picture as a WebP file that fits into a box of pixels, nothing enlarged but a drawing (SVG).
   *
   * @throws UnreadableImageError if it cannot be decoded; if a thread has ended, and why.
   */
  async thumbnail(source: string | Uint8Array, width: number, height: number): Promise<Uint8Array> {
    const [made] = await this.#ask([source], { kind: 'thumbnail', width, height });
    if (made instanceof UnreadableImageError) throw made;
    return made;
  }

  async #ask(given: Sources, work: PreparationWork): Promise<Prepared> {
    if (this.#ended !== undefined) throw this.#ended;
    const { worker, owed } = this.#idlest();
    // Bytes may be a part of a large buffer, all of which would be sent.
    const sources = given.map((source) => (typeof source === 'string' ? source : new Uint8Array(source)));
    const buffers = sources.flatMap((source) => (typeof source === 'string' ? [] : [source.buffer]));
    return owed.ask(given, (id) => worker.postMessage({ id, sources, work } satisfies PreparationRequest, buffers));
  }

  /** Ends the threads at once; what is asked for and not answered fails. */
  async close(): Promise<void> {
    this.#fail(new EngineError('the threads that prepare pictures have been closed'));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The thread that owes least; a new one as long as there may be more and all have something to do. */
  #idlest(): PoolThread {
    const [first] = [...this.#threads].sort((a, b) => a.owed.size - b.owed.size);
    if (first !== undefined && (first.owed.size === 0 || this.#threads.length === this.#size)) return first;
    const worker = new Worker(builtEntry(import.meta.url, 'preparation-worker'), {
      execArgv: [],
      workerData: this.#limits,
    });
    const thread: PoolThread = { worker, owed: new OwedAnswers(worker) };
    worker.on('message', (reply: PreparationReply) => settle(thread, reply));
    worker.on('error', (error) => this.#fail(stopped(error.message, error)));
    worker.on('exit', (code) => this.#fail(stopped(`it ended with exit code ${code}`)));
    this.#threads.push(thread);
    return thread;
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const { owed } of this.#threads) owed.fail(this.#ended);
  }
}

function stopped(why: string, cause?: Error): Error {
  const message = `a thread that prepares pictures has stopped: ${why}; load the model again`;
  return new EngineError(message, cause === undefined ? {} : { cause });
}

function settle({ owed }: PoolThread, reply: PreparationReply): void {
  const asked = owed.take(reply.id);
  if ('error' in reply) asked?.reject(errorFromData(reply.error, errorsOfPictures));
  else
    asked?.resolve(
      reply.pictures.map((made, place) => ('bytes' in made ? made.bytes : unreadable(made, asked.note[place]))),
    );
}

/** The error that a thread met at a picture, with its cause and stack. */
function unreadable(met: { readonly unreadable: ErrorData }, source: string | Uint8Array): UnreadableImageError {
  const error = errorFromData(met.unreadable, errorsOfPictures);
  if (error instanceof UnreadableImageError) return error;
  return new UnreadableImageError(typeof source === 'string' ? source : 'the given bytes', error.message, error);
}
