import { OwedAnswers } from '../../../foundation/concurrency/owed-answers.ts';
import { AbortError } from '../../../foundation/errors/abort-error.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { errorFromData } from '../../../foundation/errors/error-data.ts';
import type { AloneCall, AloneCalls, AloneProgress, AloneReply, AloneRequest } from './protocol.ts';

/** Who hears of a question's progress, and who may take it back. */
export interface AskOptions {
  readonly onProgress?: (progress: AloneProgress) => void;
  readonly signal?: AbortSignal;
}

/** Asks the page's worker, in which all heavy work is done. */
export class WorkerClient {
  readonly #port: MessagePort;
  readonly #owed = new OwedAnswers<unknown, AskOptions>();

  /** Starts the worker. @param script where its script is. */
  constructor(script: URL) {
    const worker = new Worker(script, { type: 'module' });
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.addEventListener('message', ({ data }: MessageEvent<AloneReply>) => this.#hear(data));
    port1.start();
    worker.addEventListener('error', (event) => this.#fail(event.message));
    worker.postMessage(undefined, [port2]);
  }

  /**
   * Asks a question.
   *
   * @throws what the worker threw, with its class and message; AbortError if it was taken back.
   */
  async ask<Call extends AloneCall>(
    call: Call,
    argument: AloneCalls[Call]['argument'],
    options: AskOptions = {},
  ): Promise<AloneCalls[Call]['answer']> {
    const { signal } = options;
    if (signal?.aborted) throw new AbortError('it was stopped');
    const answer = this.#owed.ask(options, (id) => {
      signal?.addEventListener('abort', () => this.#send({ id, call: 'cancel' }), { once: true });
      this.#send({ id, call, argument } as AloneRequest);
    });
    return answer as Promise<AloneCalls[Call]['answer']>;
  }

  #send(request: AloneRequest): void {
    this.#port.postMessage(request);
  }

  #hear(reply: AloneReply): void {
    if ('progress' in reply) {
      this.#owed.noteOf(reply.id)?.onProgress?.(reply.progress);
      return;
    }
    const owed = this.#owed.take(reply.id);
    if ('error' in reply) owed?.reject(errorFromData(reply.error));
    else owed?.resolve(reply.answer);
  }

  #fail(why: string): void {
    this.#owed.fail(new EngineError(`the page's worker has stopped: ${why}; load the page again`));
  }
}
