import type { Engine } from '../../../engines/engine.ts';
import { nearestNeighbours } from '../../../evaluation/neighbours/nearest-neighbours.ts';
import type { NeighbourBlock } from '../../../evaluation/neighbours/neighbour-block.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import type { TrainingData } from '../../../training/data/training-data.ts';
import type { Finding } from '../../../training/doctor/finding.ts';
import { examinedImages } from '../../../training/doctor/pictures/examine-data.ts';
import { findLabelSuspects, suspectNeighbours } from '../../../training/doctor/pictures/label-suspects.ts';
import { wholeClasses } from '../whole-classes.ts';
import type { EmbeddedPlaces } from './embed-within.ts';

/** Images that are looked at, and the most of one class. */
const mostImages = 5000;
const mostOfClass = 100;

/** Steps before which a network has hardly learnt anything to judge labels by. */
const fewestSteps = 50;

/**
 * The places whose labels are looked at, held-out ones among them: see `wholeClasses`. None after fewer than 50 steps: a
 * network that has hardly learnt cannot judge.
 */
export function placesToSuspect({ train, heldOut, labels }: TrainingData, seed: number, steps: number): ImagePlace[] {
  if (steps < fewestSteps) return [];
  const random = RandomSource.fromSeed(seed, 'label suspects');
  return wholeClasses([...train, ...heldOut], labels, { mostImages, mostOfClass }, random);
}

/** Images whose neighbours are nearly all of one other class, among those that were embedded. */
export async function suspectLabels(
  dataset: ImageDataset,
  data: TrainingData,
  embedded: EmbeddedPlaces,
  engine: Engine,
): Promise<Finding | undefined> {
  const blocks: NeighbourBlock[] = [];
  for await (const block of nearestNeighbours(embedded, { k: suspectNeighbours, engine })) blocks.push(block);
  return findLabelSuspects(examinedImages(dataset, data), embedded.places, blocks);
}
