#!/usr/bin/env node
import { lookalikeVersion } from '../embedding/lookalike-version.ts';
import { commandsFor } from './command-list.ts';
import { runCommandLine } from './run-command-line.ts';

// Whoever reads our output may stop reading (`| head`): the rest goes nowhere, the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// The first signal asks the command to stop tidily, the second ends it.
const stop = new AbortController();
for (const [name, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(128 + number);
    stop.abort(new Error(`stopped by ${name}`));
  });
}

const { stdout, stderr } = process;
const { version } = lookalikeVersion();
const argv = process.argv.slice(2);
const exitCode = await runCommandLine(argv, { stdout, stderr, signal: stop.signal }, await commandsFor(argv), version);
process.exitCode = exitCode;
// A command that was left where it stood would go on.
if (stop.signal.aborted) process.exit(exitCode);
