import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { builtEntry } from '../../foundation/built-entry.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { errorFromData } from '../../foundation/errors/error-data.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import {
  endOfWork,
  type WorkKinds,
  type WorkName,
  type WorkReply,
  type WorkRequest,
  type WorkSettings,
} from './work-protocol.ts';

/** For so long a thread may go on with what it is doing when it is to end, in milliseconds. */
const patience = 5000;

interface Pending {
  readonly onProgress: ((progress: Progress) => void) | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * A thread for what takes seconds or minutes: it has an engine, the model and the store for itself, so that the event loop turns and
 * searches do not wait. It does one thing after the other. It starts when it is first asked; one that has ended is followed by
 * another.
 */
export class WorkThread {
  readonly #settings: WorkSettings;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #asked = 0;

  constructor(settings: WorkSettings) {
    this.#settings = settings;
  }

  /** Does a piece of work. @throws what it throws there; EngineError if the thread ends before it is done. */
  ask<Name extends WorkName>(
    name: Name,
    argument: WorkKinds[Name]['argument'],
    onProgress?: (progress: Progress) => void,
  ): Promise<WorkKinds[Name]['result']> {
    return new Promise((resolve, reject) => {
      this.#worker ??= this.#start();
      const worker = this.#worker;
      const id = this.#asked++;
      worker.postMessage({ id, name, argument } as WorkRequest);
      this.#pending.set(id, { onProgress, resolve: resolve as Pending['resolve'], reject });
      worker.ref();
    });
  }

  /**
   * Ends the thread; what was asked and is not done fails. An engine in it is let finish what it computes, for a few seconds at
   * most: one whose thread is gone takes the process with it. What computes longer without an engine is cut off.
   */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#fail('it has been closed');
    if (worker === undefined) return;
    const gone = once(worker, 'exit').then(() => true);
    worker.ref();
    worker.postMessage(endOfWork);
    if (!(await Promise.race([gone, sleep(patience, false, { ref: false })]))) await worker.terminate();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): Worker {
    const worker = new Worker(builtEntry(import.meta.url, 'catalogue-worker'), {
      execArgv: [],
      workerData: this.#settings,
    });
    worker.unref();
    worker.on('message', (reply: WorkReply) => this.#settle(worker, reply));
    worker.on('error', (error) => this.#lose(worker, error.message));
    worker.on('exit', (code) => this.#lose(worker, `it ended with exit code ${code}`));
    return worker;
  }

  #settle(worker: Worker, reply: WorkReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if ('progress' in reply) {
      pending.onProgress?.(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) worker.unref();
    if ('error' in reply) pending.reject(errorFromData(reply.error, [UnreadableImageError]));
    else pending.resolve(reply.result);
  }

  #lose(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#fail(why);
  }

  #fail(why: string): void {
    const error = new EngineError(`a thread of the service has stopped: ${why}; ask again`);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
