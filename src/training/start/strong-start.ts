import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import type { UnlearntPartName } from '../../ranking/networks/unlearnt/unlearnt-parts.ts';
import type { StartConfig } from '../configuration/start-config.ts';
import { type ChosenStart, chooseStart } from './choosing/choose-start.ts';
import { evaluateKept } from './evaluate-kept.ts';
import { fitStart, startingWeights } from './fit-start.ts';
import { inBasis } from './fold-heads.ts';
import { FoldTrainer } from './fold-trainer.ts';
import { type StartMaterial, sourceOf, startMaterial } from './start-material.ts';
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
      knownClasses: options.expect === 'known-classes' ? new Set(material.heads.labels).size : undefined,
      names: options.trunks.map(({ name }) => name),
      parts: options.parts,
      evaluator: material.choosing,
      evaluators: material.training,
      train: (evaluator, candidate, rate) => trainer.maps(evaluator, candidate, rate),
      timeLeft: options.timeLeft,
      work: options,
    });
    throwIfAborted(options.signal);
    const evaluated = await evaluateKept(options, material, trainer, chosen);
    const layers = ['embedding', ...joiningParts(options, chosen)];
    const weights = startingWeights(await fitted(options, products, material, chosen), layers);
    return {
      ...networkOf(options, chosen, weights),
      weights,
      ...evaluated,
      start: startOf(options, chosen, evaluated),
    };
  } finally {
    await products.close();
  }
}

/** The linear maps of what was chosen, fitted to all pictures. */
async function fitted(
  options: StrongStartOptions,
  products: MatrixProducts,
  { bases }: StartMaterial,
  { candidate, training }: ChosenStart,
) {
  const { engine, data, seed, signal } = options;
  const parts = [];
  for (const part of candidate) {
    const basis = bases[part.source];
    parts.push({ ...part, basis, rows: await inBasis(products, sourceOf(options, part.source, data.train), basis) });
  }
  return fitStart({
    engine,
    products,
    labels: data.train.map((place) => data.labels[place]),
    parts,
    training: training && { learningRate: training.rate, share: training.share, steps, seed, signal },
  });
}

/** The unlearnt parts that join, in the order of the candidate. */
function joiningParts({ trunks, parts }: StrongStartOptions, { candidate }: ChosenStart): UnlearntPartName[] {
  return candidate.slice(1).map(({ source }) => parts[source - trunks.length]);
}

function networkOf(
  options: StrongStartOptions,
  chosen: ChosenStart,
  weights: ReadonlyMap<string, Tensor>,
): Pick<StrongStart, 'trunk' | 'embeddingDimension'> {
  const [own, ...others] = chosen.candidate;
  const { trunk } = options.trunks[own.source];
  const dimensionOf = (layer: string) => weights.get(`${layer}.bias`)!.shape[0] as number;
  const parts = joiningParts(options, chosen).map((name, place) => {
    const { source, share } = others[place];
    return [name, { features: options.lengths[source], dimension: dimensionOf(name), share }] as const;
  });
  return {
    trunk: { ...trunk, config: { ...trunk.config, cached: true, ...Object.fromEntries(parts) } },
    embeddingDimension: parts.reduce((sum, [, { dimension }]) => sum + dimension, dimensionOf('embedding')),
  };
}

function startOf(
  { expect }: StrongStartOptions,
  { candidate: [{ form }], training, reasons }: ChosenStart,
  { judged, newClasses, knownClasses }: Pick<StartConfig, 'judged' | 'newClasses' | 'knownClasses'>,
): StrongStart['start'] {
  return { form, share: training?.share ?? 0, expect, judged, newClasses, knownClasses, reasons: [...reasons] };
}
