// Writes batches of 50 rows into a store, until it is killed, and prints how many batches it was told are there.
import { postgresStores } from '../../dist/library/stores.js';

const [uri, prefix] = process.argv.slice(2);
const store = await postgresStores.open(uri, await postgresStores.stampAt(uri));
const vector = new Float32Array(store.stamp.dimension).fill(1);
await store.write(async (writer) => {
  for (let batch = 0; ; batch++) {
    const rows = Array.from({ length: 50 }, (_, place) => ({
      id: `${prefix}/${batch}/${place}`,
      contentHash: 'h',
      modifiedAt: 0,
      byteLength: 1,
      vector,
    }));
    await writer.put(rows);
    process.stdout.write(`${batch + 1}\n`);
  }
});
