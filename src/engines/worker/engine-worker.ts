import { parentPort } from 'node:worker_threads';
import { errorData } from '../../foundation/errors/error-data.ts';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import { type Answer, hostEngine } from './engine-host.ts';
import type { CallName, WorkerReply, WorkerRequest } from './worker-protocol.ts';

// The entry of a WorkerEngine's thread: answers its questions, one after the other.

const port = parentPort;
if (port === null) throw new InternalError('engine-worker is the entry of a thread: use WorkerEngine.create');

const handlers = hostEngine();
let last = Promise.resolve();
port.on('message', (request: WorkerRequest) => {
  last = last.then(() => reply(request));
});
// A question that cannot be read has no number to answer to: end the thread, which fails every question.
port.on('messageerror', (error) => {
  throw error;
});

async function reply(request: WorkerRequest): Promise<void> {
  const { id } = request;
  try {
    const { answer, transfer = [] } = await answerTo(request);
    port!.postMessage({ id, answer } satisfies WorkerReply, transfer);
  } catch (error) {
    port!.postMessage({ id, error: errorData(error) } satisfies WorkerReply);
  }
}

function answerTo<Name extends CallName>(request: WorkerRequest<Name>): Promise<Answer<Name>> {
  return handlers[request.call](request.argument);
}
