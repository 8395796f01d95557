import { afterAll, beforeAll } from 'vitest';
import { vectorStoreContract } from '../../src/catalogue/stores/vector-store.contract.ts';
import { weaviateStores } from '../../src/catalogue/stores/weaviate/store.ts';
import { WeaviateNodes } from '../../tools/weaviate/cluster.mjs';

const nodes = new WeaviateNodes({ nodes: 3, port: 21_000 });
beforeAll(() => nodes.start());
afterAll(() => nodes.stop({ wipe: true }));

const begin = `Try${process.pid}x${Date.now()}`;
let made = 0;
vectorStoreContract('Weaviate, three nodes', weaviateStores, () => nodes.uri(`${begin}x${made++}`));
