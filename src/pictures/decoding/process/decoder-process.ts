import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import sharp from 'sharp';
import { memoryLimit } from '../picture-limits.ts';
import { PictureRefusal } from '../picture-refusal.ts';
import type { PixelRequest } from '../pixel-request.ts';
import { decodeAlone } from './decode-alone.ts';
import { onFrame, writeFrame } from './decoder-frames.ts';
import { type DecoderReply, decoderRequestSchema } from './decoder-protocol.ts';

// The entry of an IsolatedDecoder's process: decodes one picture after the other. What the decoder does in its own threads
// nothing can stop; the process can be ended, and ends itself where a picture takes too much time or memory.

/** How often time and memory are looked at, in milliseconds. */
const watchEvery = 25;

sharp.cache(false);
// The terminal's Ctrl-C and the like are for the process that asks: this one ends when that one does, and at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdout.on('error', end);
onFrame(process.stdin, ({ head, body }) => void answer(decoderRequestSchema.parse(head), body));
writeFrame(process.stdout, { head: { ready: true } satisfies DecoderReply, body: Buffer.alloc(0) });

async function answer(request: PixelRequest, body: Uint8Array): Promise<void> {
  const stop = watch(request);
  try {
    const { width, height, data } = await decodeAlone(Buffer.from(body.buffer, body.byteOffset, body.length), request);
    reply({ width, height }, data);
  } catch (error) {
    reply(error instanceof PictureRefusal ? { reason: error.message } : { failure: String((error as Error).stack) });
  } finally {
    stop();
  }
}

/** Ends the process once the picture takes more than it may. @returns what stops looking. */
function watch({ limits }: PixelRequest): () => void {
  const before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1e6 > limits.seconds) void last({ over: 'time' });
    else if (process.memoryUsage.rss() > memoryLimit(limits)) void last({ over: 'memory' });
  }, watchEvery);
  return () => clearInterval(timer);
}

async function last(head: DecoderReply): Promise<void> {
  reply(head);
  if (process.stdout.writableLength > 0) await once(process.stdout, 'drain');
  end();
}

function reply(head: DecoderReply, body: Uint8Array = Buffer.alloc(0)): void {
  writeFrame(process.stdout, { head, body });
}

/** Without waiting for the decoder's threads, as `process.exit` does. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
