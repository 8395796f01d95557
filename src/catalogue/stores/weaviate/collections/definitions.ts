import type { SearchDistanceName } from '../../../../ranking/distances/search-distance.ts';
import type { MetadataField } from '../../../metadata/metadata.ts';
import type { StoreStamp } from '../../store-stamp.ts';
import { fieldDefinition, imageProperties, noteProperties, type PropertyDefinition } from './properties.ts';

/** The distances by Weaviate's names. The square of the Euclidean one has the same order. */
const distances: Readonly<Record<SearchDistanceName, string>> = {
  euclidean: 'l2-squared',
  'squared-euclidean': 'l2-squared',
  cosine: 'cosine',
  manhattan: 'manhattan',
  hamming: 'hamming',
};

/** Below so many vectors that a filter lets through Weaviate compares with each of them: always. */
const alwaysExact = 1_000_000_000;

/** The numbers that the graph of a collection is made with. */
export const graphBuild = { maxConnections: 32, efConstruction: 128 } as const;

/** A collection as Weaviate's REST interface defines it. */
export interface CollectionDefinition {
  readonly class: string;
  readonly description?: string;
  readonly properties: readonly PropertyDefinition[];
  readonly vectorConfig?: unknown;
  readonly vectorIndexConfig?: unknown;
  readonly vectorizer?: string;
  readonly replicationConfig: { readonly factor: number; readonly deletionStrategy: string };
}

/** A collection for the images of a stamp. */
export function collectionDefinition(
  name: string,
  stamp: StoreStamp,
  fields: readonly MetadataField[],
  factor: number,
): CollectionDefinition {
  return {
    class: name,
    description: JSON.stringify(stamp),
    properties: [...imageProperties, ...fields.map(fieldDefinition)],
    vectorConfig: {
      default: {
        vectorizer: { none: {} },
        vectorIndexType: 'hnsw',
        vectorIndexConfig: {
          distance: distances[stamp.distance],
          ...graphBuild,
          flatSearchCutoff: alwaysExact,
          // Whatever a server quantises by default: distances are those of the vectors.
          skipDefaultQuantization: true,
        },
      },
    },
    replicationConfig: replication(factor),
  };
}

/** A collection for what a store notes about itself, without vectors. */
export function notesDefinition(name: string, factor: number): CollectionDefinition {
  return {
    class: name,
    properties: noteProperties,
    vectorizer: 'none',
    vectorIndexConfig: { skip: true },
    replicationConfig: replication(factor),
  };
}

/** What was deleted while a replica was away stays deleted: the later of two changes counts. */
function replication(factor: number) {
  return { factor, deletionStrategy: 'TimeBasedResolution' };
}
