import type { Worker } from 'node:worker_threads';
import { OwedAnswers } from '../../foundation/concurrency/owed-answers.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { errorFromData } from '../../foundation/errors/error-data.ts';
import type { CallName, WorkerCalls, WorkerReply, WorkerRequest } from './worker-protocol.ts';

/**
 * Questions to a thread and its answers. Answers come in any order; each finds its question. A thread that ends fails
 * every question that it owes an answer, and all later ones.
 *
 * The thread keeps the process alive only while it owes an answer.
 */
export class WorkerChannel {
  readonly #worker: Worker;
  readonly #owed: OwedAnswers<WorkerCalls[CallName]['answer']>;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#owed = new OwedAnswers(worker);
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
    const answer = this.#owed.ask(undefined, (id) =>
      this.#worker.postMessage({ id, call, argument } as WorkerRequest, transfer),
    );
    return answer as Promise<WorkerCalls[Name]['answer']>;
  }

  /** Ends the thread at once. Questions asked from now on fail with `reason`. */
  async end(reason: string): Promise<void> {
    this.#owed.fail(new EngineError(reason));
    this.#worker.ref();
    await this.#worker.terminate();
  }

  #settle(reply: WorkerReply): void {
    const owed = this.#owed.take(reply.id);
    if ('error' in reply) owed?.reject(errorFromData(reply.error));
    else owed?.resolve(reply.answer);
  }

  #end(why: string, cause?: Error): void {
    const message = `the engine's thread has stopped: ${why}; what it held is lost, make a new engine`;
    this.#owed.fail(new EngineError(message, cause === undefined ? {} : { cause }));
  }
}
