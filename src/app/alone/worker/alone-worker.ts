import { z } from 'zod';
import { errorData } from '../../../foundation/errors/error-data.ts';
import type { CallWork } from './call-work.ts';
import type { AloneCall, AloneCalls, AloneReply, AloneRequest } from './protocol.ts';
import type { AloneHandlers } from './worker-session.ts';

// The entry of the page's worker: the first message brings the port that questions come by.

// zod would try whether it may compile code, which the content security policy refuses aloud; schemas are made when the session
// is loaded.
z.config({ jitless: true });
const session = import('./worker-session.ts').then(({ WorkerSession: Session }) => new Session());
const running = new Map<number, AbortController>();

addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  port.addEventListener('message', ({ data }: MessageEvent<AloneRequest>) => void answer(port, data));
  port.start();
});

async function answer(port: MessagePort, request: AloneRequest): Promise<void> {
  const { id } = request;
  if (request.call === 'cancel') {
    running.get(id)?.abort();
    return;
  }
  const reply = (message: AloneReply) => port.postMessage(message);
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const work: CallWork = { signal: controller.signal, tell: (progress) => reply({ id, progress }) };
    reply({ id, answer: await answerTo(await session, request, work) });
  } catch (error) {
    reply({ id, error: errorData(error) });
  } finally {
    running.delete(id);
  }
}

/** A question, and the part of the session that answers it. */
type Question<Call extends AloneCall = AloneCall> = {
  readonly call: Call;
  readonly argument: AloneCalls[Call]['argument'];
};

function answerTo<Call extends AloneCall>(
  handlers: AloneHandlers,
  { call, argument }: Question<Call>,
  work: CallWork,
): Promise<AloneCalls[Call]['answer']> {
  const handle: (argument: AloneCalls[Call]['argument'], work: CallWork) => Promise<AloneCalls[Call]['answer']> =
    handlers[call];
  return handle(argument, work);
}
