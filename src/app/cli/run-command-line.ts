import { CommanderError } from 'commander';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { buildProgram, type Invocation } from './build-program.ts';
import type { Command } from './command.ts';
import { CommandLineError } from './command-line-error.ts';
import { explainedError, refuseUnknownCommand } from './options/unknown-names.ts';
import { errorLine } from './output/error-line.ts';
import { errorDetails } from './output/error-words.ts';
import { helpWidth } from './output/help-layout.ts';
import { type CommandStreams, Terminal } from './output/terminal.ts';
import { StoppedBySignal } from './thread/stop-signal.ts';

/**
 * Exit codes: done; nothing could be done, or it failed; the command line is wrong, a value that the library refuses among it; stopped by a signal, in order, by a
 * command that saves what is done. One that has nothing to save ends with 128 and the signal's number.
 */
export const exitCodes = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/**
 * Runs one command line and returns the exit code. Text and help go to standard output, one line an error to standard
 * error. Under `--json` standard output gets exactly one document: the command's, or `{ "error": "…" }`.
 *
 * @param argv what was typed behind the program's name.
 */
export async function runCommandLine(
  argv: readonly string[],
  streams: CommandStreams,
  commands: readonly Command[],
  version: string,
): Promise<number> {
  let invocation: Invocation | undefined;
  let terminal = new Terminal(streams, argv.includes('--json'));
  let verbose = argv.includes('--verbose');
  try {
    const output = {
      version,
      columns: helpWidth(streams.stdout.columns, process.env['COLUMNS']),
      write: (text: string) => terminal.show(text),
    };
    const program = buildProgram(commands, output, (found) => {
      invocation = found;
    });
    if (argv.length === 0) {
      terminal.showInstead(program.helpInformation());
      return exitCodes.usage;
    }
    refuseUnknownCommand(
      argv,
      commands.map(({ name }) => name),
    );
    await program.parseAsync([...argv], { from: 'user' });
    // Without one, help or the version was asked for, and has been printed.
    if (invocation === undefined) return exitCodes.ok;
    verbose = invocation.verbose;
    terminal = new Terminal(streams, invocation.json, invocation.quiet, invocation.command.json === 'lines');
    for (const line of invocation.twice) terminal.warn(line);
    streams.signal.throwIfAborted();
    streams.onBegin?.(invocation.command.stopsItself ?? false);
    const document = await untilStopped(invocation, terminal);
    terminal.clear();
    if (terminal.json && !terminal.lines) terminal.print(document ?? {}, 'the result');
    return exitCodes.ok;
  } catch (thrown) {
    terminal.clear();
    const named = invocation?.command ?? commands.find((command) => command.name === argv[0]);
    const error = explainedError(thrown, named);
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const misspelt = error instanceof CommanderError || error instanceof CommandLineError;
    const hint = misspelt ? helpHint(named) : '';
    terminal.fail(`${errorLine(error).replace(/^error: /, '')}${hint}`, verbose ? errorDetails(error) : undefined);
    // What the library refuses of its arguments was typed here.
    if (misspelt || error instanceof UsageError) return exitCodes.usage;
    return streams.signal.aborted ? stoppedCode(streams.signal, invocation) : exitCodes.failed;
  }
}

function stoppedCode({ reason }: AbortSignal, invocation: Invocation | undefined): number {
  const saves = invocation?.command.stopsItself ?? false;
  return reason instanceof StoppedBySignal && !saves ? reason.exitCode : exitCodes.stopped;
}

/** Runs a command to its end, or, if it does not stop by itself, until the user wants it to. */
async function untilStopped({ command, given }: Invocation, terminal: Terminal) {
  const work = command.execute(given, terminal);
  if (command.stopsItself) return work;
  const { signal } = terminal;
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function helpHint(command: Command | undefined): string {
  return `; see 'lookalike ${command === undefined ? '' : `${command.name} `}--help'`;
}
