import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import type { StartConfig } from '../configuration/start-config.ts';
import { type ChosenStart, chooseStart } from './choose-start.ts';
import { fitStart, startingWeights } from './fit-start.ts';
import { comparedDirections, type FoldHeads } from './fold-heads.ts';
import { FoldTrainer } from './fold-trainer.ts';
import { judgeKept } from './judge-kept.ts';
import { sourcesOf, startMaterial } from './start-material.ts';
import type { StrongStart, StrongStartOptions } from './strong-start-options.ts';

/** Steps of a head, in folds and in the end. */
const steps = 150;

/**
 * Chooses a start by folds of the training pictures, fits it to all of them, and says what folds say of it: every picture is
 * searched for once, among all others, by a head that had not learnt its class (or, where learnt classes are expected, the picture).
 *
 * @throws AbortError if it was aborted.
 */
export async function strongStart(options: StrongStartOptions): Promise<StrongStart> {
  const products = new MatrixProducts(options.engine);
  try {
    const material = await startMaterial(options, products);
    const trainer = new FoldTrainer(options, material.heads, steps);
    const chosen = await chooseStart({
      heads: material.heads,
      dimension: options.dimension,
      names: options.trunks.map(({ name }) => name),
      contours: options.lengths.length > options.trunks.length ? options.trunks.length : undefined,
      judge: material.choosing,
      judges: material.training,
      train: (judge, candidate, rate) => trainer.maps(judge, candidate, rate),
      timeLeft: options.timeLeft,
      work: options,
    });
    throwIfAborted(options.signal);
    const judged = await judgeKept(options, material, trainer, chosen);
    const weights = startingWeights(await fitted(options, products, material.heads, chosen));
    return { ...networkOf(options, chosen, weights), weights, ...judged, start: startOf(options, chosen, judged) };
  } finally {
    await products.close();
  }
}

/** The linear maps of what was chosen, fitted to all pictures. */
async function fitted(
  options: StrongStartOptions,
  products: MatrixProducts,
  heads: FoldHeads,
  { candidate, training }: ChosenStart,
) {
  const { engine, data, seed, signal } = options;
  const sources = sourcesOf(options, data.train);
  return fitStart({
    engine,
    products,
    sources,
    labels: data.train.map((place) => data.labels[place]),
    candidate: candidate.map((part, place) => {
      const features = sources[part.source].columns;
      const asked = options.dimension ?? comparedDirections;
      // Of few pictures fewer directions were compared than there are: where all were taken, all are.
      const all = place === 0 && part.dimension === heads.sources[part.source].columns;
      return { ...part, dimension: Math.min(features, all ? asked : part.dimension) };
    }),
    training: training && { learningRate: training.rate, share: training.share, steps, seed, signal },
  });
}

function networkOf(
  { trunks, lengths }: StrongStartOptions,
  { candidate: [own, joint] }: ChosenStart,
  weights: ReadonlyMap<string, Tensor>,
): Pick<StrongStart, 'trunk' | 'embeddingDimension'> {
  const { trunk } = trunks[own.source];
  const [first, second = 0] = ['embedding', 'contours'].map((layer) => weights.get(`${layer}.bias`)?.shape[0]);
  const contours = joint && { features: lengths[trunks.length], dimension: second, share: joint.share };
  return {
    trunk: { ...trunk, config: { ...trunk.config, cached: true, ...(contours === undefined ? {} : { contours }) } },
    embeddingDimension: first! + second,
  };
}

function startOf(
  { expect }: StrongStartOptions,
  { candidate: [{ form }], training, reasons }: ChosenStart,
  { newClasses, knownClasses }: Pick<StartConfig, 'newClasses' | 'knownClasses'>,
): StrongStart['start'] {
  return { form, share: training?.share ?? 0, expect, newClasses, knownClasses, reasons: [...reasons] };
}
