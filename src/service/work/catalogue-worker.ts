import { parentPort, workerData } from 'node:worker_threads';
import { errorData } from '../../foundation/errors/error-data.ts';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import { hostWork } from './host-work.ts';
import type { WorkReply, WorkRequest, WorkSettings } from './work-protocol.ts';

// The entry of a WorkThread: does what it is asked, one thing after the other.

const port = parentPort;
if (port === null) throw new InternalError('catalogue-worker is the entry of a thread: use WorkThread');

const work = hostWork(workerData as WorkSettings);
/** Progress that is said at most so often, in milliseconds. */
const between = 100;
let last = Promise.resolve();
port.on('message', (request: WorkRequest) => {
  last = last.then(() => reply(request));
});

async function reply({ id, name, argument }: WorkRequest): Promise<void> {
  let said = 0;
  const onProgress = (progress: Progress) => {
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
