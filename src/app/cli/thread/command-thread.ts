import { SHARE_ENV, Worker } from 'node:worker_threads';
import { InternalError } from '../../../foundation/errors/internal-error.ts';
import { errorDetails, errorWords } from '../output/error-words.ts';
import type { Terminal } from '../output/terminal.ts';
import type { OutputStream } from './output-stream.ts';
import { StoppedBySignal, type StopSignalName } from './stop-signal.ts';
import type { CommandThreadData, MessageFromCommand, MessageToCommand, TerminalSize } from './thread-messages.ts';

/** Where the text of a command goes. */
export interface CommandOutput {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Says what the thread itself cannot: that it has failed. */
  readonly terminal: Terminal;
}

/**
 * A command line that runs in a thread of its own. The program's first thread stays free, so that it hears a signal whatever
 * the command is busy with: a long computation, a file that never answers.
 */
export class CommandThread {
  /** The command's exit code. It is always there in the end: a thread that ends without one has failed, and that is said. */
  readonly ended: Promise<number>;
  readonly #worker: Worker;
  readonly #output: CommandOutput;
  #stop: StoppedBySignal | undefined;
  #stopsItself = false;
  #settle: (exitCode: number) => void = () => {};
  #settled = false;

  constructor(argv: readonly string[], output: CommandOutput) {
    this.#output = output;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const { stdout, stderr } = output;
    const workerData: CommandThreadData = { argv, stdout: sizeOf(stdout), stderr: sizeOf(stderr) };
    // Its own standard streams are for what libraries print; the command's text comes by message.
    this.#worker = new Worker(new URL('./command-worker.js', import.meta.url), {
      workerData,
      env: SHARE_ENV,
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (message: MessageFromCommand) => this.#hear(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(undefined));
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (!this.#settled) output.terminal.showInstead(text);
      });
    }
  }

  /** True if the command saves and stops by itself when it is asked to. */
  get stopsItself(): boolean {
    return this.#stopsItself;
  }

  /** Asks the command to stop. */
  stop(signal: StopSignalName): void {
    this.#stop = new StoppedBySignal(signal);
    this.#send({ kind: 'stop', signal });
  }

  /** Takes a command that does not stop for stopped: says so, and hears nothing of it any more. */
  abandon(): void {
    this.#fail(undefined);
  }

  /** Tells the command how large the terminal is now. */
  resize(stream: 'stdout' | 'stderr'): void {
    this.#send({ kind: 'size', stream, size: sizeOf(this.#output[stream]) });
  }

  /** Ends the thread. Resolves when it has ended, which it does not while it is stuck in the system. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: MessageToCommand): void {
    this.#worker.postMessage(message);
  }

  #hear(message: MessageFromCommand): void {
    if (this.#settled) return;
    if (message.kind === 'text') this.#output[message.stream].write(message.text);
    else if (message.kind === 'began') this.#stopsItself = message.stopsItself;
    else this.#end(message.exitCode);
  }

  /** The thread has ended, by an error if there is one, and not said what came of the command. */
  #fail(error: unknown): void {
    if (this.#settled) return;
    const { terminal, stderr } = this.#output;
    // A progress bar that the thread had drawn.
    if (stderr.isTTY) stderr.write('\r\u001b[K');
    const why =
      this.#stop ??
      error ??
      new InternalError('the command has ended before its work was done: this is a fault of lookalike');
    terminal.fail(errorWords(why), why === error ? errorDetails(error) : undefined);
    this.#end(this.#stop?.exitCode ?? 1);
  }

  #end(exitCode: number): void {
    this.#settled = true;
    this.#settle(exitCode);
  }
}

function sizeOf({ isTTY, columns }: OutputStream): TerminalSize {
  return { isTTY, columns };
}
