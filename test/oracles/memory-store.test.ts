import { vectorStoreContract } from '../../src/catalogue/stores/vector-store.contract.ts';
import { MemoryStores } from './memory-store.ts';

let made = 0;
vectorStoreContract('memory', new MemoryStores(), () => `memory ${made++}`);
