import type { TrainingData } from './training-data.ts';

/** The classes that a run trains on, numbered without holes. */
export interface TrainingClasses {
  readonly count: number;
  /** Number of each place's class, 0 to `count` - 1, in the order of the dataset's labels; -1 where nothing of it is trained on. */
  readonly numberOf: Int32Array;
}

/** Numbers the classes of the images that are trained on: classes kept from training leave no hole. */
export function trainingClasses({ train, labels }: Pick<TrainingData, 'train' | 'labels'>): TrainingClasses {
  const present = [...new Set(train.map((place) => labels[place]))].filter((label) => label >= 0);
  const numbers = new Map(present.sort((a, b) => a - b).map((label, number) => [label, number]));
  return { count: present.length, numberOf: labels.map((label) => numbers.get(label) ?? -1) };
}
