import { parentPort, workerData } from 'node:worker_threads';
import { AbortError } from '../../foundation/errors/abort-error.ts';
import { errorData } from '../../foundation/errors/error-data.ts';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import { hostWork } from './host-work.ts';
import { endOfWork, type WorkReply, type WorkRequest, type WorkSettings } from './work-protocol.ts';

// The entry of a WorkThread: does what it is asked, one thing after the other. When it is to end, what is under way stops where
// it says how far it is, and nothing else is begun: an engine that computes while its thread is gone takes the process with it.

const port = parentPort;
if (port === null) throw new InternalError('catalogue-worker is the entry of a thread: use WorkThread');

const work = hostWork(workerData as WorkSettings);
/** Progress that is said at most so often, in milliseconds. */
const between = 100;
let last = Promise.resolve();
let ended = false;
port.on('message', (request: WorkRequest | typeof endOfWork) => {
  if (request === endOfWork) {
    ended = true;
    last = last.then(() => process.exit());
  } else last = last.then(() => reply(request));
});

async function reply({ id, name, argument }: WorkRequest): Promise<void> {
  if (ended) return;
  let said = 0;
  const onProgress = (progress: Progress) => {
    if (ended) throw new AbortError('the service is closing');
    const now = performance.now();
    if (now - said < between) return;
    said = now;
    port!.postMessage({ id, progress } satisfies WorkReply);
  };
  try {
    const { result, transfer } = await work[name](argument as never, onProgress);
    port!.postMessage({ id, result } satisfies WorkReply, transfer);
  } catch (error) {
    port!.postMessage({ id, error: errorData(error) } satisfies WorkReply);
  }
}
