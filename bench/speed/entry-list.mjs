import { compareColdStart } from './entries/compare-cold-start.mjs';
import { convolutionShare } from './entries/convolution-share.mjs';
import { demoEngine } from './entries/demo-engine.mjs';
import { demoRecall } from './entries/demo-recall.mjs';
import { demoTraining } from './entries/demo-training.mjs';
import { fineTuningLite0Bfloat16, fineTuningLite0OneDnn } from './entries/fine-tuning-lite0.mjs';
import { forwardArticle, forwardArticleOneDnn, forwardSmall, forwardSmallOneDnn } from './entries/forward.mjs';
import { growthOfEmbedding } from './entries/growth-of-embedding.mjs';
import { growthOfTriplets } from './entries/growth-of-triplets.mjs';
import { photographsArticle } from './entries/photographs-article.mjs';
import { photographsArticleBfloat16, photographsLite0Bfloat16 } from './entries/photographs-bfloat16.mjs';
import { photographsSmall, photographsSmallOneDnn, photographsSmallScaled } from './entries/photographs-small.mjs';
import { pipelineShare } from './entries/pipeline-share.mjs';
import { retrieval } from './entries/retrieval.mjs';
import { trainingStepArticle } from './entries/training-step-article.mjs';
import {
  trainingStepArticleBfloat16,
  trainingStepArticleOneDnn,
  trainingStepSmallBfloat16,
  trainingStepSmallOneDnn,
} from './entries/training-step-onednn.mjs';
import { trainingStepSmall } from './entries/training-step-small.mjs';
import { tripletFile } from './entries/triplet-file.mjs';

/** All entries, in the order of the table. @type {readonly import('./entry.mjs').Entry[]} */
export const entries = [
  trainingStepArticle,
  trainingStepSmall,
  trainingStepArticleOneDnn,
  trainingStepSmallOneDnn,
  trainingStepArticleBfloat16,
  trainingStepSmallBfloat16,
  fineTuningLite0OneDnn,
  fineTuningLite0Bfloat16,
  demoTraining,
  demoRecall,
  demoEngine,
  forwardArticle,
  forwardSmall,
  forwardArticleOneDnn,
  forwardSmallOneDnn,
  photographsSmall,
  photographsSmallScaled,
  photographsSmallOneDnn,
  photographsArticle,
  photographsArticleBfloat16,
  photographsLite0Bfloat16,
  tripletFile,
  retrieval,
  compareColdStart,
  convolutionShare,
  pipelineShare,
  growthOfEmbedding,
  growthOfTriplets,
];

/**
 * The entries of some names, in the order given; without names all that do not take long.
 *
 * @param {readonly string[]} names
 * @throws if there is no entry of a name; the message lists those there are.
 */
export function chooseEntries(names) {
  if (names.length === 0) return entries.filter(({ takes }) => takes === undefined);
  return names.map((name) => {
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry !== undefined) return entry;
    throw new Error(`there is no entry '${name}'; there are: ${entries.map((known) => known.name).join(', ')}`);
  });
}
