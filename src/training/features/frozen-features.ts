import type { Engine } from '../../engines/engine.ts';
import { inFixedBatches } from '../../engines/fixed-batches.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import type { ImagePlace } from '../../pictures/datasets/image-place.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import { configuredParts, possibleParts } from '../../ranking/networks/unlearnt/unlearnt-parts.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { FeatureTable } from '../data/feature-table.ts';
import type { TrainingData } from '../data/training-data.ts';
import { candidatesGraph, featuresGraph } from '../step/network-graphs.ts';
import { FeatureCache, type FeatureCacheOptions } from './feature-cache.ts';
import { featuresWork } from './features-work.ts';

/** Pictures that go through the trunk at once. */
export const featureRows = 8;

/** Vectors that go into one file of the cache. */
const vectorsPerFile = 2048;

/** Where features of a frozen trunk are kept, and who hears of the work. */
export interface FrozenFeaturesOptions extends LongWork {
  readonly cache?: FeatureCacheOptions | undefined;
  /** Told why features could not be kept for other runs; this one has them. */
  readonly onWarning?: (message: string) => void;
}

/** What became of the look into the cache. */
export interface FrozenFeatures {
  readonly table: FeatureTable;
  /** Different pictures whose features were in the cache, and those that went through the trunk. */
  readonly cached: number;
  readonly computed: number;
}

/**
 * The features of every picture that a run trains on or is judged by: from the cache where it has them, else through the
 * trunk, and then into the cache. Pictures that look the same go through once.
 *
 * @throws as the engine does, or an AbortError.
 */
export function frozenFeatures(
  engine: Engine,
  config: Pick<TrainingConfig, 'network' | 'preprocessing'>,
  trunk: Trunk,
  data: TrainingData,
  options: FrozenFeaturesOptions = {},
): Promise<FrozenFeatures> {
  const graph = featuresGraph(config, featureRows, trunk);
  return featuresByGraph(engine, { graph, key: modelKey(engine, config, trunk) }, config.preprocessing, data, options);
}

/**
 * The features of several cuts of one frozen trunk, side by side, and of all unlearnt parts behind them; as `frozenFeatures`.
 */
export function featuresOfCandidates(
  engine: Engine,
  config: Pick<TrainingConfig, 'network' | 'preprocessing'>,
  cuts: readonly Trunk[],
  data: TrainingData,
  options: FrozenFeaturesOptions = {},
): Promise<FrozenFeatures> {
  const graph = candidatesGraph(config, featureRows, cuts);
  const parts = possibleParts(config.network.height, config.network.width);
  const key = JSON.stringify(['candidates', parts, ...cuts.map((cut) => modelKey(engine, config, cut))]);
  return featuresByGraph(engine, { graph, key }, config.preprocessing, data, options);
}

/** Vectors by a graph from `image`, uint8 [8, H, W, 3], to `features`, and the key that they are kept under. */
interface FeatureGraph {
  readonly graph: Graph;
  readonly key: string;
}

async function featuresByGraph(
  engine: Engine,
  { graph, key }: FeatureGraph,
  { width, height }: TrainingConfig['preprocessing'],
  data: TrainingData,
  options: FrozenFeaturesOptions,
): Promise<FrozenFeatures> {
  const length = Number(graph.outputs.get('features')!.shape[1]);
  const places = new Map<string, ImagePlace>();
  for (const place of [...data.train, ...data.heldOut, ...tripletPlaces(data.heldOutTriplets)]) {
    const digest = data.digests.get(place)!;
    if (!places.has(digest)) places.set(digest, place);
  }
  const cache = new FeatureCache(key, options.cache);
  const known = (await keeping(options, () => cache.read(new Set(places.keys()), length))) ?? new Map();
  const cached = known.size;
  const missing = [...places].filter(([digest]) => !known.has(digest));
  if (missing.length > 0) {
    const program = await engine.compile(graph, { name: 'features' });
    const through = async (batch: readonly (readonly [string, ImagePlace])[]) => {
      throwIfAborted(options.signal);
      const pixels = await data.pixels.batch(batch.map(([, place]) => place));
      const { features } = await program.run({ image: tensor('uint8', [featureRows, height, width, 3], pixels) });
      return features;
    };
    let fresh = new Map<string, Float32Array>();
    const keep = async () => {
      const whole = fresh;
      fresh = new Map();
      await keeping(options, () => cache.write(whole));
    };
    try {
      for await (const { first, items, rows } of inFixedBatches(missing, featureRows, through)) {
        for (const [row, [digest]] of items.entries()) {
          const vector = rows.slice(row * length, (row + 1) * length);
          fresh.set(digest, vector);
          known.set(digest, vector);
        }
        const done = first + items.length;
        if (fresh.size >= vectorsPerFile) await keep();
        options.onProgress?.({ work: featuresWork, unit: 'images', done, total: missing.length });
      }
    } finally {
      // What was computed before work was stopped is kept, too.
      await keep();
      await program.release();
    }
  }
  const rows = new Map(
    [...data.digests].flatMap(([place, digest]) => (known.has(digest) ? [[place, known.get(digest)!]] : [])),
  );
  return { table: new FeatureTable(rows, length), cached, computed: missing.length };
}

/** Everything that features depend on besides pixels. */
function modelKey(
  { description }: Engine,
  { preprocessing }: Pick<TrainingConfig, 'preprocessing'>,
  trunk: Trunk,
): string {
  const { sha256, cut, layout, channels, mean, deviation, pooling, unit } = trunk.config;
  return JSON.stringify({
    format: 2,
    sha256,
    cut,
    axes: trunk.axes,
    layout,
    channels,
    mean,
    deviation,
    preprocessing,
    engine: description,
    // Left out of the key where they are not there, so that features of earlier runs are found.
    ...(pooling === undefined ? {} : { pooling }),
    ...(unit === undefined ? {} : { unit }),
    ...Object.fromEntries(configuredParts(trunk.config).map(([name]) => [name, true])),
  });
}

/** A cache that fails costs time, not the run. */
async function keeping<T>({ onWarning }: FrozenFeaturesOptions, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    onWarning?.(`features of pictures are not kept for other runs: ${(error as Error).message}`);
    return undefined;
  }
}
