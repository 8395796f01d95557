import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { builtEntry } from '../../foundation/built-entry.ts';
import { OwedAnswers } from '../../foundation/concurrency/owed-answers.ts';
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

type OnProgress = ((progress: Progress) => void) | undefined;

interface StartedThread {
  readonly worker: Worker;
  readonly owed: OwedAnswers<WorkKinds[WorkName]['result'], OnProgress>;
}

/**
 * A thread for what takes seconds or minutes: it has an engine, the model and the store for itself, so that the event loop turns and
 * searches do not wait. It does one thing after the other. It starts when it is first asked; one that has ended is followed by
 * another.
 */
export class WorkThread {
  readonly #settings: WorkSettings;
  #thread: StartedThread | undefined;

  constructor(settings: WorkSettings) {
    this.#settings = settings;
  }

  /** Does a piece of work. @throws what it throws there; EngineError if the thread ends before it is done. */
  async ask<Name extends WorkName>(
    name: Name,
    argument: WorkKinds[Name]['argument'],
    onProgress?: OnProgress,
  ): Promise<WorkKinds[Name]['result']> {
    this.#thread ??= this.#start();
    const { worker, owed } = this.#thread;
    return owed.ask(onProgress, (id) => worker.postMessage({ id, name, argument } as WorkRequest));
  }

  /**
   * Ends the thread; what was asked and is not done fails. An engine in it is let finish what it computes, for a few seconds at
   * most: one whose thread is gone takes the process with it. What computes longer without an engine is cut off.
   */
  async close(): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#lose(thread, 'it has been closed');
    const { worker } = thread;
    const gone = once(worker, 'exit').then(() => true);
    worker.ref();
    worker.postMessage(endOfWork);
    if (!(await Promise.race([gone, sleep(patience, false, { ref: false })]))) await worker.terminate();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): StartedThread {
    const worker = new Worker(builtEntry(import.meta.url, 'catalogue-worker'), {
      execArgv: [],
      workerData: this.#settings,
    });
    const thread: StartedThread = { worker, owed: new OwedAnswers(worker) };
    worker.on('message', (reply: WorkReply) => settle(thread, reply));
    worker.on('error', (error) => this.#lose(thread, error.message));
    worker.on('exit', (code) => this.#lose(thread, `it ended with exit code ${code}`));
    return thread;
  }

  #lose(thread: StartedThread, why: string): void {
    if (this.#thread === thread) this.#thread = undefined;
    thread.owed.fail(new EngineError(`a thread of the service has stopped: ${why}; ask again`));
  }
}

function settle({ owed }: StartedThread, reply: WorkReply): void {
  if ('progress' in reply) owed.noteOf(reply.id)?.(reply.progress);
  else if ('error' in reply) owed.take(reply.id)?.reject(errorFromData(reply.error, [UnreadableImageError]));
  else owed.take(reply.id)?.resolve(reply.result);
}
