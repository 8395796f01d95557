import { Worker } from 'node:worker_threads';
import { builtEntry } from '../../foundation/built-entry.ts';
import { OwedAnswers } from '../../foundation/concurrency/owed-answers.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { movesPixels } from '../../pictures/augmentation/augmentation.ts';
import { type PackedImages, warpImages } from '../../pictures/augmentation/warp-images.ts';
import { rowsOf } from '../configuration/step/batch-config.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { seesPixels } from './training-batch.ts';
import type { Warping, WarpingReply, WarpingRequest } from './warping.ts';

/** Below so many pixels of a batch, a message to another thread takes longer than what it saves. */
const pixelsWorthAThread = 2 ** 17;

/** A thread that moves half of the pixels of a run's batches; undefined where this thread does that alone, as it does beside oneDNN's engine. */
export function warpingThreadFor({ network, augmentation, batch, engine }: TrainingConfig): WarpingThread | undefined {
  const moved = seesPixels(network) && movesPixels(augmentation) ? rowsOf(batch) * network.width * network.height : 0;
  const worthIt = engine.threads > 1 && engine.onednn === undefined && moved >= pixelsWorthAThread;
  return worthIt && WarpingThread.available ? new WarpingThread() : undefined;
}

/**
 * Moves the pixels of a batch in the calling thread and in one of its own, half each: while a batch is made, the engine's threads
 * have nothing to do. The thread keeps the process alive only while it owes an answer.
 */
export class WarpingThread {
  /** A thread runs built files: from TypeScript sources, as tests run them, pixels are moved in the calling thread. */
  static readonly available = !import.meta.url.endsWith('.ts');

  readonly #worker: Worker;
  readonly #owed: OwedAnswers<Uint8Array>;

  constructor() {
    this.#worker = new Worker(builtEntry(import.meta.url, 'warping-worker'), { execArgv: [] });
    this.#owed = new OwedAnswers(this.#worker);
    this.#worker.on('message', ({ id, warped }: WarpingReply) => this.#owed.take(id)?.resolve(warped));
    this.#worker.on('error', (error) => this.#owed.fail(stopped(error.message, error)));
    this.#worker.on('exit', (code) => this.#owed.fail(stopped(`it ended with exit code ${code}`)));
  }

  /** As `warpImages`. @throws EngineError if the thread has ended, and why. */
  readonly warp: Warping = async (images, { theta }, settings) => {
    const rows = Math.ceil(images.count / 2);
    if (!movesPixels(settings) || rows === images.count) return warpImages(images, { theta }, settings);
    const there = this.#ask(part(images, rows, images.count), theta.slice(6 * rows), settings);
    // It is awaited when this half is done; until then an error of it is not an unhandled one.
    there.catch(() => undefined);
    const here = warpImages(part(images, 0, rows), { theta: theta.subarray(0, 6 * rows) }, settings);
    const whole = new Uint8Array(images.data.length);
    whole.set(here);
    whole.set(await there, here.length);
    return whole;
  };

  /** Ends the thread; what is asked for and not answered fails. */
  async close(): Promise<void> {
    this.#owed.fail(new EngineError('the thread that moves pixels has been closed'));
    await this.#worker.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask(images: PackedImages, theta: Float32Array, settings: WarpingRequest['settings']): Promise<Uint8Array> {
    const data = images.data.slice();
    const send = (id: number) =>
      this.#worker.postMessage({ id, images: { ...images, data }, theta, settings } satisfies WarpingRequest, [
        data.buffer,
      ]);
    return this.#owed.ask(undefined, send);
  }
}

/** The pictures from one on to before another. */
function part({ width, height, data }: PackedImages, from: number, to: number): PackedImages {
  const length = 3 * width * height;
  return { count: to - from, width, height, data: data.subarray(from * length, to * length) };
}

function stopped(why: string, cause?: Error): Error {
  const message = `the thread that moves pixels has stopped: ${why}; resume the run`;
  return new EngineError(message, cause === undefined ? {} : { cause });
}
