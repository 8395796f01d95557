import { text } from '../../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../../foundation/arguments/check-options.ts';
import { searchDistanceNames } from '../../../ranking/distances/search-distance-by-name.ts';
import { checkDistance } from '../check-vectors.ts';
import { noStore } from '../no-store.ts';
import { openStoreRules } from '../open-store-rules.ts';
import { checkGivenStamp, checkStamp, type StoreStamp } from '../store-stamp.ts';
import type { OpenStoreOptions, VectorStore, VectorStoreKind } from '../vector-store.ts';
import { WeaviateCluster } from './cluster.ts';
import { weaviateError } from './errors.ts';
import { type WeaviateTiming, weaviateTiming } from './nodes/timing.ts';
import { WeaviateStore } from './opened-store.ts';
import { weaviatePlace } from './place.ts';

/** Stores in clusters whose calls may take so long. */
export function weaviateStoresWith(timing: WeaviateTiming): VectorStoreKind {
  const connected = async <T>(uri: string, work: (cluster: WeaviateCluster) => Promise<T>): Promise<T> => {
    const cluster = new WeaviateCluster(uri, weaviatePlace(uri), timing);
    try {
      await cluster.look();
      return await work(cluster);
    } catch (error) {
      cluster.stop();
      throw weaviateError('open the store', uri, error);
    }
  };
  const kind: VectorStoreKind = {
    distances: searchDistanceNames,

    async stampAt(uri: string): Promise<StoreStamp | undefined> {
      return connected(uri, async (cluster) => {
        const found = await cluster.schema.current();
        cluster.stop();
        return found?.stamp;
      });
    },

    async open(uri: string, stamp: StoreStamp, options: OpenStoreOptions = {}): Promise<VectorStore> {
      checkArgument(uri, text('the address of a store'), 'uri');
      checkGivenStamp(stamp);
      checkOptions(options, openStoreRules);
      const { create = false, anyDistance = false } = options;
      return connected(uri, async (cluster) => {
        const found = (await cluster.schema.current()) ?? (create ? await cluster.schema.make(stamp) : undefined);
        if (found === undefined) throw noStore(uri);
        checkStamp(uri, found.stamp, stamp, anyDistance);
        checkDistance(kind, uri, found.stamp);
        await cluster.compareBy(found);
        return new WeaviateStore({ cluster, collection: found.name, stamp: found.stamp });
      });
    },
  };
  return kind;
}

/**
 * Stores in clusters of Weaviate (1.38 or newer): `weaviate://host:port,host:port/Collection`. Writes are acknowledged by most replicas
 * of each row; searches are exact, and go to the next node where one gives no answer. An API key is taken from WEAVIATE_API_KEY.
 *
 * Weaker than other stores: a call that fails may have written some of its rows. See docs/clusters.md for what else.
 */
export const weaviateStores: VectorStoreKind = weaviateStoresWith(weaviateTiming);
