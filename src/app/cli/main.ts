#!/usr/bin/env node
import { setTimeout as sleep } from 'node:timers/promises';
import { hushLibraries } from '../../foundation/hush-libraries.ts';
import { Terminal } from './output/terminal.ts';
import { CommandThread } from './thread/command-thread.ts';
import { endBySignal, listenForStop } from './thread/listen-for-stop.ts';
import { OutputStream } from './thread/output-stream.ts';
import type { StopSignalName } from './thread/stop-signal.ts';

// The command runs in a thread of its own; this one hears signals and writes what the command says.

/** For so long a command that has nothing to save may go on when it is to stop, in milliseconds. */
const patience = 1000;
/** For so long threads may take to end, in milliseconds. */
const endingTime = 500;

// Whatever ends the program unforeseen is no success.
process.exitCode = 1;
hushLibraries();
const argv = process.argv.slice(2);
const stderr = new OutputStream(process.stderr);
const stdout = new OutputStream(process.stdout, ({ code, message }) => {
  // A reader that has had enough (`| head`) is no fault.
  if (code === 'EPIPE') return;
  const why = message.replace(/, write$/, '');
  terminal.warn(`standard output cannot be written (${why}): what is said there is lost, the work goes on`);
});
const terminal = new Terminal({ stdout, stderr, signal: new AbortController().signal }, argv.includes('--json'));
if (startFolderIsGone()) {
  terminal.fail('the folder that this was started in is not there any more: change to another one, and start again');
  await stderr.flushed();
  process.exit();
}
// Listened for before the thread is there: signals come between two turns of this one.
let stoppedBy: StopSignalName | undefined;
listenForStop((signal) => {
  stoppedBy = signal;
  thread.stop(signal);
  setTimeout(() => {
    if (!thread.stopsItself) thread.abandon();
    else if (stderr.isTTY)
      terminal.note('lookalike: stopping when what is under way is saved; Ctrl-C once more ends at once');
  }, patience).unref();
});

const thread = new CommandThread(argv, { stdout, stderr, terminal });
process.stdout.on('resize', () => thread.resize('stdout'));
process.stderr.on('resize', () => thread.resize('stderr'));

thread.ended.then(async (exitCode) => {
  await Promise.all([stdout.flushed(), stderr.flushed()]);
  process.exitCode = exitCode === 0 && stdout.lost !== undefined && stdout.lost.code !== 'EPIPE' ? 1 : exitCode;
  if (stoppedBy === undefined) return;
  // A command that was left where it stood would go on, and `process.exit` waits for threads that are stuck.
  const ended = await Promise.race([thread.terminate().then(() => true), sleep(endingTime, false)]);
  if (ended) process.exit();
  endBySignal(stoppedBy);
});

/** True where the current folder was removed: no thread can start there. */
function startFolderIsGone(): boolean {
  try {
    process.cwd();
    return false;
  } catch {
    return true;
  }
}
