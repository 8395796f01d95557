// What a program may import from 'deep-lookalike/stores': what a store of embedded pictures is, and those on disk, in S3, in PostgreSQL and in Weaviate.

export type {
  Filter,
  FilterCondition,
  FilterOperator,
  FilterValue,
} from './catalogue/filters/filter.ts';
export type { Metadata, MetadataField, MetadataKind, MetadataValue } from './catalogue/metadata/metadata.ts';
export { lanceDbStores } from './catalogue/stores/lancedb/store.ts';
export { postgresStores } from './catalogue/stores/postgres/store.ts';
export type {
  IndexAdvice,
  IndexRecipe,
  IndexState,
  IndexWriter,
  MeasuredEffort,
  MeasuredIndex,
  SearchDemand,
  SearchEffort,
  StoreIndexes,
} from './catalogue/stores/store-index.ts';
export type { StoreStamp } from './catalogue/stores/store-stamp.ts';
export type { StoreThumbnails, Thumbnail } from './catalogue/stores/store-thumbnails.ts';
export type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoredVector,
  StoreFacts,
  StoreNoteName,
  StoreSearcher,
  StoreWriter,
  VectorStore,
  VectorStoreKind,
  WriteOptions,
} from './catalogue/stores/vector-store.ts';
export { weaviateStores } from './catalogue/stores/weaviate/store.ts';
export type { LockHolder } from './foundation/files/lock-holder.ts';
export type { DistanceName } from './ranking/distances/distance.ts';
export type { SearchDistanceName } from './ranking/distances/search-distance.ts';
