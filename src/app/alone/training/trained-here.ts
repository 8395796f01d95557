import type { CallWork } from '../worker/call-work.ts';
import type { PageModel } from '../worker/page-model.ts';
import type { TrainedModel } from '../worker/protocol.ts';
import type { LabelledPictures } from './labelled-pictures.ts';
import type { Training } from './training.ts';

declare const lookalikeVersion: string;

/** Package and version that this page was built of, as model files have it; the build puts it here. */
export const createdBy: string = lookalikeVersion;

/** One kind of training, and the pictures that it learns from. */
export interface KindOfTraining<Kind extends Training['kind']> {
  readonly training: Extract<Training, { readonly kind: Kind }>;
  readonly pictures: LabelledPictures;
  /** The model that is loaded. */
  readonly model: PageModel;
  readonly work: CallWork;
}

/** What came of a training, with the bytes of the new model file. */
export interface TrainedHere extends Omit<TrainedModel, 'bytes'> {
  readonly bytes: Uint8Array;
}
