import type { CallWork } from '../worker/call-work.ts';
import type { LocalImage } from '../worker/local-catalogue.ts';
import type { PageModel } from '../worker/page-model.ts';
import { labelledPictures } from './labelled-pictures.ts';
import { trainHeadHere } from './train-head-here.ts';
import { trainNetworkHere } from './train-network-here.ts';
import type { TrainedHere } from './trained-here.ts';
import type { Training } from './training.ts';

/** What is trained, and who hears of it. */
export interface TrainHereOptions {
  readonly training: Training;
  /** The model that is loaded. */
  readonly model: PageModel;
  readonly images: readonly LocalImage[];
  readonly work: CallWork;
}

/**
 * Trains in the page, by the pictures that are in class folders.
 *
 * @throws TrainingError if there are too few; AbortError if it was stopped before anything was learnt.
 */
export function trainHere({ training, images, ...options }: TrainHereOptions): Promise<TrainedHere> {
  const pictures = labelledPictures(images, training.seed);
  return training.kind === 'head'
    ? trainHeadHere({ ...options, training, pictures })
    : trainNetworkHere({ ...options, training, pictures });
}
