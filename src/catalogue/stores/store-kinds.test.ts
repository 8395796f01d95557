import { expect, it } from 'vitest';
import { lanceDbStores } from './lancedb/store.ts';
import { postgresStores } from './postgres/store.ts';
import { kindOfStore } from './store-kinds.ts';
import { weaviateStores } from './weaviate/store.ts';

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

it('keeps weaviate://host/Collection in Weaviate', () => {
  expect(kindOfStore('weaviate://a:8080,b:8080/Pictures')).toBe(weaviateStores);
});
