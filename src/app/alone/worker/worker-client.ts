import { AbortError } from '../../../foundation/errors/abort-error.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { errorFromData } from '../../../foundation/errors/error-data.ts';
import type { AloneCall, AloneCalls, AloneProgress, AloneReply, AloneRequest } from './protocol.ts';

/** Who hears of a question's progress, and who may take it back. */
export interface AskOptions {
  readonly onProgress?: (progress: AloneProgress) => void;
  readonly signal?: AbortSignal;
}

interface Pending extends AskOptions {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Asks the page's worker, in which all heavy work is done. */
export class WorkerClient {
  readonly #port: MessagePort;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;

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
  ask<Call extends AloneCall>(
    call: Call,
    argument: AloneCalls[Call]['argument'],
    options: AskOptions = {},
  ): Promise<AloneCalls[Call]['answer']> {
    return new Promise((resolve, reject) => {
      const id = this.#asked++;
      const { signal } = options;
      if (signal?.aborted) throw new AbortError('it was stopped');
      signal?.addEventListener('abort', () => this.#send({ id, call: 'cancel' }), { once: true });
      this.#pending.set(id, { ...options, resolve: resolve as Pending['resolve'], reject });
      this.#send({ id, call, argument } as AloneRequest);
    });
  }

  #send(request: AloneRequest): void {
    this.#port.postMessage(request);
  }

  #hear(reply: AloneReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if ('progress' in reply) {
      pending.onProgress?.(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    if ('error' in reply) pending.reject(errorFromData(reply.error));
    else pending.resolve(reply.answer);
  }

  #fail(why: string): void {
    const error = new EngineError(`the page's worker has stopped: ${why}; load the page again`);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
