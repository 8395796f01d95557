import { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';

/** A message between a process that decodes and the one that asks it: a few words as JSON, and bytes. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** Bytes before the head: its length and the body's, 32 bits each. */
const prefixBytes = 8;

/** Writes a frame; `sent` is called when it has gone to the other process, or cannot. */
export function writeFrame(stream: Writable, { head, body }: Frame, sent?: () => void): void {
  const words = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32LE(words.length, 0);
  prefix.writeUInt32LE(body.length, 4);
  stream.write(Buffer.concat([prefix, words]));
  stream.write(body, () => sent?.());
}

/** Calls back with each frame that arrives. Its body is the callee's own. */
export function onFrame(stream: Readable, received: (frame: Frame) => void): void {
  let wanted = new FramePart(prefixBytes);
  let step: 'prefix' | 'head' | 'body' = 'prefix';
  let bodyBytes = 0;
  let head: unknown;
  const next = (): void => {
    if (step === 'prefix') {
      bodyBytes = wanted.bytes.readUInt32LE(4);
      [step, wanted] = ['head', new FramePart(wanted.bytes.readUInt32LE(0))];
    } else if (step === 'head') {
      head = JSON.parse(wanted.bytes.toString('utf8'));
      [step, wanted] = ['body', new FramePart(bodyBytes)];
    } else {
      const body = wanted.bytes;
      [step, wanted] = ['prefix', new FramePart(prefixBytes)];
      received({ head, body });
    }
  };
  stream.on('data', (piece: Buffer) => {
    for (let at = 0; at < piece.length || wanted.isFull; ) {
      at += wanted.take(piece, at);
      if (!wanted.isFull) return;
      next();
    }
  });
}

/** So many bytes, as they come in pieces. */
class FramePart {
  readonly bytes: Buffer;
  #taken = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length);
  }

  get isFull(): boolean {
    return this.#taken === this.bytes.length;
  }

  /** Takes what it lacks out of a piece from a place on; returns how much. */
  take(piece: Buffer, at: number): number {
    const taken = piece.copy(this.bytes, this.#taken, at);
    this.#taken += taken;
    return taken;
  }
}
