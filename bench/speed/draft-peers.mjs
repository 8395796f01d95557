import { peer } from './entry.mjs';

/**
 * PyTorch and PIL, which scales JPEG files while it decodes them (`draft`), with no worker, one and two. The first tenth of the photographs
 * shows which is best.
 *
 * @param {readonly string[]} names by the number of workers
 * @param {number} size photographs
 * @param {readonly (string | number)[]} options of `photographs.py`
 */
export function draftPeers(names, size, options) {
  const counted = (workers, count) => [...options, '--draft', '--workers', workers, '--count', count];
  return names.map((name, workers) =>
    peer(name, ['torch', 'PIL'], 'photographs.py', counted(workers, size), {
      trial: counted(workers, Math.ceil(size / 10)),
    }),
  );
}
