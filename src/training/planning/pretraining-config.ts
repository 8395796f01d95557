import { InternalError } from '../../foundation/errors/internal-error.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { lengthOf } from '../../graph/builder/operations.ts';
import { multiScaleNetwork } from '../../ranking/networks/multi-scale.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';
import { TrainingScope } from '../../ranking/networks/network-scope.ts';
import { refuseChoices } from '../configuration/refuse-choices.ts';
import { rowsOf } from '../configuration/step/batch-config.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import { batchSource } from '../data/batch-source.ts';
import { trainingClasses } from '../data/training-classes.ts';
import type { TrainingData } from '../data/training-data.ts';
import { exactBatch } from './plan-training.ts';

/**
 * The configuration of the softmax pre-training that belongs to a run: its ConvNet alone tells the classes apart that the run is
 * going to rank, at the run's learning rate, optimiser, schedule, weight decay, augmentation and rows a step, for as many epochs
 * as the run says. Rows come in classes by images, four of a class where there is room. The paper does not say how it
 * pre-trains beyond "softmax"; these are our choices.
 *
 * @throws if the run has no pre-training, its triplets were listed, or there are fewer than two classes.
 */
export function pretrainingConfig(config: TrainingConfig, data: TrainingData): TrainingConfig {
  const { pretraining, sampler, weights, ...rest } = config;
  if (pretraining === undefined) throw new InternalError('this run has no pre-training');
  if (data.material.kind === 'listed') {
    refuseChoices(
      { pretrainEpochs: pretraining.epochs },
      'listed triplets have no classes to tell apart: leave it out, or give images of classes',
    );
  }
  const asked = Math.max(4, rowsOf(config.batch));
  const imagesPerClass = asked >= 8 ? 4 : 2;
  const source = batchSource(data.material, { kind: 'classes', rows: asked, imagesPerClass }, config.seed);
  const batch = exactBatch({ kind: 'classes', rows: asked, imagesPerClass }, source);
  const steps = Math.max(1, Math.round(pretraining.epochs * source.epochBatches));
  const stepsPerEpoch = Math.ceil(source.epochBatches);
  const network = { ...rest.network, paths: 'none', output: 'features' } as const;
  return {
    ...rest,
    network: { ...network, embeddingDimension: featureLength(network) },
    loss: { kind: 'softmax', classes: trainingClasses(data).count },
    batch,
    steps,
    stepsPerEpoch,
    evaluateEvery: Math.max(stepsPerEpoch, Math.ceil(steps / 5)),
    patience: null,
    engine: { ...config.engine, rowsAtOnce: rowsThatDivide(rowsOf(batch), config) },
  };
}

/** Features of a network's ConvNet. */
function featureLength(network: NetworkConfig): number {
  const graph = new Graph();
  const image = graph.input('image', 'float32', [1, 3, network.height, network.width]);
  return lengthOf(multiScaleNetwork(new TrainingScope(graph, false), image, network), 1);
}

/** The most rows at once that divide a batch and are no more than in the ranking; all, where all go at once there. */
function rowsThatDivide(rows: number, { engine, batch }: TrainingConfig): number {
  if (engine.rowsAtOnce >= rowsOf(batch)) return rows;
  let atOnce = Math.min(rows, engine.rowsAtOnce);
  while (rows % atOnce !== 0) atOnce--;
  return atOnce;
}
