import type { Worker } from 'node:worker_threads';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { errorFromData } from '../../foundation/errors/error-data.ts';
import type { CallName, WorkerCalls, WorkerReply, WorkerRequest } from './worker-protocol.ts';

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/**
 * Questions to a thread and its answers. Answers come in any order; each finds its question. A thread that ends fails
 * every question that it owes an answer, and all later ones.
 *
 * The thread keeps the process alive only while it owes an answer.
 */
export class WorkerChannel {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;
  #ended: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.unref();
    worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    worker.on('messageerror', (error) => this.#end(`its answer cannot be read (${error.message})`, error));
    worker.on('error', (error) => this.#end(error.message, error));
    worker.on('exit', (code) => this.#end(`it ended with exit code ${code}`));
  }

  /**
   * Asks the thread. The buffers in `transfer` are handed over: here, they have no elements from now on.
   *
   * @throws what the thread threw, with its class, message, cause and stack; or that the thread has ended, and why.
   */
  ask<Name extends CallName>(
    call: Name,
    argument: WorkerCalls[Name]['argument'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<WorkerCalls[Name]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended;
      const id = this.#asked++;
      const request = { id, call, argument } as WorkerRequest;
      this.#worker.postMessage(request, transfer);
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#worker.ref();
    });
  }

  /** Ends the thread at once. Questions asked from now on fail with `reason`. */
  async end(reason: string): Promise<void> {
    this.#fail(new EngineError(reason));
    this.#worker.ref();
    await this.#worker.terminate();
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id);
    // An answer that is late for an ended channel must not let the process end before its thread has.
    if (pending === undefined) return;
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if ('error' in reply) pending.reject(errorFromData(reply.error));
    else pending.resolve(reply.answer);
  }

  #end(why: string, cause?: Error): void {
    const message = `the engine's thread has stopped: ${why}; what it held is lost, make a new engine`;
    this.#fail(new EngineError(message, cause === undefined ? {} : { cause }));
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
  }
}
