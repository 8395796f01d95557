import { expect, it } from 'vitest';
import { lanceDbStores } from './lancedb-store.ts';
import { postgresStores } from './postgres-store.ts';
import { kindOfStore } from './store-kinds.ts';

it.each(['postgres://host/database/table', 'postgresql://host/database/table', 'POSTGRES://host/database/table'])(
  'keeps %s in PostgreSQL',
  (uri) => {
    expect(kindOfStore(uri)).toBe(postgresStores);
  },
);

it.each(['catalogue.lance', 'postgres:', 'postgres/table', 's3://bucket/store', 'memory:', 'file:///a'])(
  'keeps %s in LanceDB',
  (uri) => {
    expect(kindOfStore(uri)).toBe(lanceDbStores);
  },
);
