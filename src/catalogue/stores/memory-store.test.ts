import { MemoryStores } from './memory-store.ts';
import { vectorStoreContract } from './vector-store.contract.ts';

let made = 0;
vectorStoreContract('memory', new MemoryStores(), () => `memory ${made++}`);
