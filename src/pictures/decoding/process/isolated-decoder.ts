import type { Buffer } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { BoundedConcurrency } from '../../../foundation/concurrency/bounded-concurrency.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { memoryLimit } from '../picture-limits.ts';
import { PictureRefusal } from '../picture-refusal.ts';
import type { PixelRequest } from '../pixel-request.ts';
import type { RgbImage } from '../rgb-image.ts';
import { decodeAlone } from './decode-alone.ts';
import { onFrame, writeFrame } from './decoder-frames.ts';
import { type DecoderReply, decoderReplySchema } from './decoder-protocol.ts';

/** How long a process is kept for the next picture, in milliseconds. */
const idleMilliseconds = 2000;

/**
 * Decodes pictures in processes of their own, one at a time in each: a picture that takes too much time or memory, or makes
 * the decoder crash, ends its process and nothing else. They start when a picture needs one, keep nothing alive, and end
 * when they have been idle for 2 s or the process that started them ends.
 */
export class IsolatedDecoder {
  readonly #slots: BoundedConcurrency;
  readonly #idle: DecoderProcess[] = [];

  /**
   * Processes run built files: from TypeScript sources, as tests run them, pictures are decoded in this process, within the
   * same limits of size.
   */
  static readonly available = !import.meta.url.endsWith('.ts');

  /** @param processes how many there are at most. @throws if that is not a whole number of at least 1. */
  constructor(processes: number) {
    this.#slots = new BoundedConcurrency(processes);
  }

  /**
   * Decodes a picture.
   *
   * @throws PictureRefusal if it is not a picture, is not whole, or takes too much; another error if no process can start.
   */
  decode(bytes: Buffer, request: PixelRequest): Promise<RgbImage> {
    if (!IsolatedDecoder.available) return decodeAlone(bytes, request);
    return this.#slots.run(async () => {
      const process = this.#idle.pop() ?? new DecoderProcess();
      try {
        return await process.decode(bytes, request);
      } finally {
        if (process.isRunning) this.#keep(process);
      }
    });
  }

  #keep(process: DecoderProcess): void {
    this.#idle.push(process);
    process.endAfter(idleMilliseconds, () => {
      const place = this.#idle.indexOf(process);
      if (place < 0) return false;
      this.#idle.splice(place, 1);
      return true;
    });
  }
}

interface Waiting {
  received(reply: DecoderReply, body: Uint8Array): void;
  failed(error: Error): void;
}

/** One process, and the picture that it decodes. */
class DecoderProcess {
  readonly #child: ChildProcess;
  readonly #input: Socket;
  readonly #output: Socket;
  #ready = false;
  #ended: Error | undefined;
  #waiting: Waiting | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor() {
    const entry = fileURLToPath(new URL('./decoder-process.js', import.meta.url));
    this.#child = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    const { stdin, stdout } = this.#child;
    if (!(stdin instanceof Socket && stdout instanceof Socket)) throw new EngineError('a process without pipes to it');
    [this.#input, this.#output] = [stdin, stdout];
    this.#input.on('error', () => {});
    this.#child.on('error', (error) =>
      this.#end(new EngineError(`cannot start a process that decodes pictures: ${error.message}`)),
    );
    this.#child.on('close', (code, signal) => this.#end(new ProcessEnd(signal ?? `exit code ${code}`)));
    onFrame(this.#output, ({ head, body }) => this.#receive(decoderReplySchema.parse(head), body));
  }

  get isRunning(): boolean {
    return this.#ended === undefined;
  }

  async decode(bytes: Buffer, request: PixelRequest): Promise<RgbImage> {
    clearTimeout(this.#idleTimer);
    this.#keepAlive(true);
    // The process looks at its own processor time; this is for one that is stopped, or busy where it cannot look.
    const patience = setTimeout(
      () => this.#end(new PictureRefusal(tooLong(request))),
      1000 * (1 + 5 * request.limits.seconds),
    );
    try {
      return await new Promise<RgbImage>((resolve, reject) => {
        const received = (reply: DecoderReply, body: Uint8Array): void => {
          if ('width' in reply) resolve({ ...reply, data: new Uint8Array(body.buffer, body.byteOffset, body.length) });
          else if ('reason' in reply) reject(new PictureRefusal(reply.reason));
          else if ('over' in reply)
            this.#end(new PictureRefusal(reply.over === 'time' ? tooLong(request) : tooBig(request)));
          else if ('failure' in reply)
            reject(new EngineError(`the process that decodes pictures failed: ${reply.failure}`));
        };
        this.#waiting = { received, failed: (error) => reject(error instanceof ProcessEnd ? crashed(error) : error) };
        if (this.#ended !== undefined) this.#waiting.failed(this.#ended);
        else writeFrame(this.#input, { head: request, body: bytes });
      });
    } finally {
      clearTimeout(patience);
      this.#waiting = undefined;
      this.#keepAlive(false);
    }
  }

  /** Ends the process after so long without a picture, if nobody has taken it for one meanwhile. */
  endAfter(milliseconds: number, release: () => boolean): void {
    this.#idleTimer = setTimeout(() => {
      if (release()) this.#end(new ProcessEnd('idle'));
    }, milliseconds);
    this.#idleTimer.unref();
  }

  #receive(reply: DecoderReply, body: Uint8Array): void {
    if ('ready' in reply) this.#ready = true;
    else this.#waiting?.received(reply, body);
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended =
      this.#ready || !(error instanceof ProcessEnd)
        ? error
        : new EngineError(`a process that decodes pictures did not start: ${error.message}`);
    this.#child.kill('SIGKILL');
    this.#waiting?.failed(this.#ended);
  }

  #keepAlive(yes: boolean): void {
    for (const handle of [this.#child, this.#input, this.#output]) {
      if (yes) handle.ref();
      else handle.unref();
    }
  }
}

/** That the process has ended, and how. */
class ProcessEnd extends Error {}

function crashed({ message }: ProcessEnd): PictureRefusal {
  return new PictureRefusal(`the decoder ends on it (${message}); fetch the file again or remove it`);
}

function tooLong({ limits }: PixelRequest): string {
  return `decoding it takes more than ${limits.seconds} s of processor time; make it smaller or simpler, or allow more seconds`;
}

function tooBig({ limits }: PixelRequest): string {
  const gigabytes = (memoryLimit(limits) / 1e9).toFixed(1);
  return `decoding it takes more than ${gigabytes} GB of memory; make it smaller or simpler, or raise the limit of pixels`;
}
