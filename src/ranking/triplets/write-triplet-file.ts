import path from 'node:path';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import type { TripletBlock } from './triplet-block.ts';
import { TripletFileLines } from './triplet-file-lines.ts';

/**
 * Writes triplets as CSV: the header `query,positive,negative`, then a line for each, cells quoted where RFC 4180 asks for
 * it. Paths are written relative to the file's own folder, with `/` between folders, so that images and file can be moved
 * together. Triplets are taken as they come and never held, and the next lines are made while the last ones are written;
 * the file appears whole or not at all, see `writeAtomically`.
 *
 * @param images paths of the images, absolute or relative to the working directory.
 * @param triplets indexes into `images`.
 * @returns how many triplets were written.
 * @throws if the file cannot be written, or a triplet names an image that is not there.
 */
export async function writeTripletFile(
  file: string,
  images: readonly string[],
  triplets: Iterable<TripletBlock>,
): Promise<number> {
  let written = 0;
  function* counted(): Generator<TripletBlock> {
    for (const block of triplets) {
      written += block.length / 3;
      yield block;
    }
  }
  const folder = path.dirname(path.resolve(file));
  const cells = images.map((image) => path.relative(folder, path.resolve(image)).split(path.sep).join('/'));
  const lines = new TripletFileLines(cells);
  async function* text(): AsyncGenerator<Uint8Array> {
    yield lines.header();
    yield* oneAhead(lines.pieces(counted()));
  }
  await writeAtomically(file, text());
  return written;
}

/**
 * Gives what `items` gives, and has one more ready: while the reader waits for its own work, in another thread, the next
 * item is made. An item must hold until the one after the next is asked for.
 */
async function* oneAhead<Item>(items: Iterator<Item, void, undefined>): AsyncGenerator<Item, void, undefined> {
  const makeNext = async () => {
    // After the reader has begun to work.
    await new Promise((resolve) => setImmediate(resolve));
    return items.next();
  };
  let next = makeNext();
  for (;;) {
    const item = await next;
    if (item.done) return;
    next = makeNext();
    // A reader that stops early does not ask for it.
    next.catch(() => undefined);
    yield item.value;
  }
}
