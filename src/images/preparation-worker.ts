import { parentPort } from 'node:worker_threads';
import type { PreparationReply, PreparationRequest, PreparedFile } from './preparation-protocol.ts';
import { preprocess } from './preprocess.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';
import { readImageFileSync } from './read-image-file.ts';
import { UnreadableImageError } from './unreadable-image-error.ts';

// The entry of a PreparationPool's thread: prepares files, one request after the other, so that one picture of full size
// is in memory at a time.

const port = parentPort;
if (port === null) throw new Error('preparation-worker is the entry of a thread: use PreparationPool');

let last = Promise.resolve();
port.on('message', (request: PreparationRequest) => {
  last = last.then(() => reply(request));
});

async function reply({ id, paths, rule }: PreparationRequest): Promise<void> {
  try {
    const files: PreparedFile[] = [];
    for (const path of paths) files.push(await prepare(path, rule));
    const buffers = files.flatMap((file) => ('pixels' in file ? [file.pixels.buffer] : []));
    port!.postMessage({ id, files } satisfies PreparationReply, buffers);
  } catch (error) {
    port!.postMessage({ id, error: (error as Error).message } satisfies PreparationReply);
  }
}

async function prepare(path: string, rule: PreprocessingRule): Promise<PreparedFile> {
  try {
    const pixels = await preprocess(readImageFileSync(path), rule, path);
    // Only whole buffers can be handed over.
    return {
      pixels: pixels.byteLength === pixels.buffer.byteLength ? (pixels as Uint8Array<ArrayBuffer>) : pixels.slice(),
    };
  } catch (error) {
    if (error instanceof UnreadableImageError) return { reason: error.reason };
    throw error;
  }
}
