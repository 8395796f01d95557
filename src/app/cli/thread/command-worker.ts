import { parentPort, workerData } from 'node:worker_threads';
import { InternalError } from '../../../foundation/errors/internal-error.ts';
import { lookalikeVersion } from '../../../foundation/lookalike-version.ts';
import { commandsFor } from '../command-list.ts';
import { runCommandLine } from '../run-command-line.ts';
import { StoppedBySignal } from './stop-signal.ts';
import type { CommandThreadData, MessageFromCommand, MessageToCommand } from './thread-messages.ts';

// The entry of the thread that a command runs in; see main.ts.

const port = parentPort;
if (port === null) throw new InternalError("command-worker is the entry of a thread: run 'lookalike'");

const { argv, ...sizes } = workerData as CommandThreadData;
const current = { ...sizes };
const stop = new AbortController();
port.on('message', (message: MessageToCommand) => {
  if (message.kind === 'stop') stop.abort(new StoppedBySignal(message.signal));
  else current[message.stream] = message.size;
});
// Waiting for a signal keeps no command alive.
port.unref();

const send = (message: MessageFromCommand) => port.postMessage(message);
const output = (stream: 'stdout' | 'stderr') => ({
  get isTTY() {
    return current[stream].isTTY;
  },
  get columns() {
    return current[stream].columns;
  },
  write: (text: string) => send({ kind: 'text', stream, text }),
});
const streams = {
  stdout: output('stdout'),
  stderr: output('stderr'),
  signal: stop.signal,
  onBegin: (stopsItself: boolean) => send({ kind: 'began', stopsItself }),
};
const exitCode = await runCommandLine(argv, streams, await commandsFor(argv), lookalikeVersion().version);
send({ kind: 'ended', exitCode });
