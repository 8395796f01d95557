import type { TrainingConfig } from '../../configuration/training-config.ts';
import { type BatchMaterial, batchSource } from '../../data/batch-source.ts';
import { type Finding, mostImages } from '../finding.ts';
import type { ExaminedImages } from './examined-images.ts';

/** Rows of batches that are drawn to find out, at most; drawing by relevance takes longer. */
const mostRows = { usual: 1_000_000, byRelevance: 100_000 } as const;

/**
 * A class never visited: no batch of the whole run has a picture of it, so nothing is learnt about it. Found by drawing the
 * run's batches by its seed, without pictures; it ends as soon as all classes were visited.
 *
 * Corner cases: listed triplets have no classes and give no finding, and neither does a run of no steps; of a run of more than a million rows (a hundred
 * thousand, where triplets are drawn by relevance) only these are looked at, and the finding says so.
 */
export function findUnvisitedClasses(
  config: Pick<TrainingConfig, 'batch' | 'seed' | 'steps'>,
  material: BatchMaterial,
  images: ExaminedImages,
): Finding | undefined {
  // A run of no steps is a start that was fitted to all pictures.
  if (material.kind === 'listed' || config.steps === 0) return undefined;
  const { train, labels, idOf, classOf } = images;
  const missing = new Set(train.map((image) => labels[image]));
  const classes = missing.size;
  const source = batchSource(material, config.batch, config.seed);
  const rows = material.relevance === undefined ? mostRows.usual : mostRows.byRelevance;
  const steps = Math.min(config.steps, Math.ceil(rows / source.rows));
  for (let step = 0; step < steps && missing.size > 0; step++) {
    for (const number of source.next()) missing.delete(labels[train[number]]);
  }
  if (missing.size === 0) return undefined;
  const looked = steps < config.steps ? `the first ${steps} of ${config.steps} steps` : `${config.steps} steps`;
  const left = [...missing].sort((a, b) => a - b);
  const needed = Math.ceil((config.steps * classes) / (classes - left.length));
  return {
    kind: 'unvisited-classes',
    title: left.length === 1 ? 'A class never visited' : 'Classes never visited',
    seen: `In ${looked} of ${source.rows} pictures ${left.length} of ${classes} classes never appear: ${names(left.map(classOf))}.`,
    meaning: 'Nothing is learnt about a class that is in no batch.',
    remedy: `Train longer (choices.steps: ${needed} or more), or with more pictures a step (choices.rows, now ${source.rows}).`,
    numbers: { unvisited: left.length, classes, steps, rows: source.rows },
    images: left.slice(0, mostImages).map((label) => ({
      ids: [idOf(train.find((image) => labels[image] === label)!)],
      note: classOf(label),
    })),
  };
}

const named = 5;

function names(all: readonly string[]): string {
  const some = all.slice(0, named).join(', ');
  return all.length > named ? `${some} and ${all.length - named} more` : some;
}
