// Seconds from a folder to the first so many of its triplets in a file, by the sampler and the writer of `lookalike triplets`,
// which besides decodes every image to tell broken ones; the peer does not, and so this is left out here:
//   triplet-file.mjs <folder> <file> <positives> <negatives> <triplets>
import { rm } from 'node:fs/promises';
import { RandomSource } from '../../../dist/foundation/random/random-source.js';
import { loadDataset } from '../../../dist/index.js';
import { ImagesByClass } from '../../../dist/ranking/triplets/images-by-class.js';
import { classRandomTriplets } from '../../../dist/ranking/triplets/samplers/class-random.js';
import { writeTripletFile } from '../../../dist/ranking/triplets/write-triplet-file.js';
import { say } from './say.mjs';

const [folder, file, positives, negatives, most] = process.argv.slice(2);
const started = performance.now();
const { images } = await loadDataset(folder);
const paths = images.map(({ source }) => source.path);
const byClass = new ImagesByClass(images.map(({ label }) => label));
const options = { positives: Number(positives), negatives: Number(negatives) };

function* first(count) {
  let left = count;
  for (const block of classRandomTriplets(byClass, options, RandomSource.fromSeed(0, 'triplets'))) {
    yield block.subarray(0, 3 * left);
    left -= block.length / 3;
    if (left <= 0) return;
  }
}

const triplets = await writeTripletFile(file, paths, first(Number(most)));
const seconds = (performance.now() - started) / 1000;
await rm(file);
say(seconds, { triplets });
