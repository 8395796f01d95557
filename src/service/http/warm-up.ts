import { availableParallelism } from 'node:os';
import { encodePng } from '../../pictures/decoding/encode-png.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Does once what the first requests would have to wait for, and what would keep the event loop from turning meanwhile: starts the
 * threads that decode, finds out which short batches the network may have, loads the store's library, opens the store, goes through
 * it.
 */
export async function warmUp({ catalogue, sampler }: ServiceContext): Promise<void> {
  const picture = await encodePng({ width: 1, height: 1, data: new Uint8Array(3) });
  const all = Array.from({ length: availableParallelism() }, () => picture);
  await catalogue.embedder.embedImages(all);
  await catalogue.embedder.shortenBatches();
  if (!(await catalogue.exists()) || (await catalogue.count()) === 0) return;
  await catalogue.search(picture, 1);
  await sampler.sample();
}
