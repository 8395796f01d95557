import { counted } from '../../../../foundation/text/counted.ts';
import type { Pretraining } from '../../../runs/pretrain.ts';

/** A finished pre-training in a line: what was done, what was kept, and what was thrown away. */
export function pretrainingLine({ run, config, outcome, thrownAway }: Pretraining): string {
  const classes = config.loss.kind === 'softmax' ? ` of ${config.loss.classes} classes` : '';
  return `pre-training${classes}: ${counted(outcome.step, 'step')}, ${outcome.images} images, ${outcome.seconds.toFixed(1)} s, in ${run.folder}; the ranking started with its ConvNet, its classification layer (${thrownAway.join(', ')}) was thrown away`;
}

/** The same as a document. */
export function pretrainingDocument({ run, config, outcome, thrownAway }: Pretraining) {
  return {
    folder: run.folder,
    steps: outcome.step,
    images: outcome.images,
    seconds: outcome.seconds,
    classes: config.loss.kind === 'softmax' ? config.loss.classes : null,
    thrownAway: [...thrownAway],
  };
}
