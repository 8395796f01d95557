import type { ImageSource } from '../datasets/dataset.ts';
import { embedAll } from '../embedding/embed-all.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { evaluateTriplets } from '../evaluation/evaluate-triplets.ts';
import type { TripletReport } from '../evaluation/evaluation-report.ts';
import { loadTripletFile } from '../triplets/read-triplet-file.ts';
import type { Triplet } from '../triplets/triplet.ts';
import type { Terminal } from './terminal.ts';

/** What was found out about a model on a file of triplets. */
export interface TripletFileEvaluation {
  readonly report: TripletReport;
  /** Triplets left out because one of their images could not be read. */
  readonly skipped: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Judges a model by the triplets of a file: the share of those that it ranks as the file does.
 *
 * @throws if the file is no triplet file, or no triplet has three images that can be read.
 */
export async function evaluateTripletFile(
  file: string,
  embedder: Embedder,
  terminal: Terminal,
  seed: number,
): Promise<TripletFileEvaluation> {
  const { images, triplets } = await loadTripletFile(file);
  const bar = terminal.progress('embedding', 'images');
  const { data, dimension, indexes, unreadable } = await embedAll(
    embedder,
    images.map((path): ImageSource => ({ kind: 'file', path })),
    { onProgress: (done) => bar.update(done, images.length), signal: terminal.signal },
  );
  bar.clear();
  const rows = new Map(indexes.map((index, row) => [index, row]));
  const usable: Triplet[] = [];
  for (const triplet of triplets) {
    const [query, positive, negative] = [triplet.query, triplet.positive, triplet.negative].map((i) => rows.get(i));
    if (query !== undefined && positive !== undefined && negative !== undefined)
      usable.push({ query, positive, negative });
  }
  if (usable.length === 0) {
    throw new Error(
      `none of the ${triplets.length} triplets in '${file}' has three images that can be read; the first that cannot: ` +
        unreadable[0].error.message,
    );
  }
  return {
    report: evaluateTriplets({ embeddings: data, dimension, triplets: usable, seed }),
    skipped: triplets.length - usable.length,
    unreadable: unreadable.map(({ index, error }) => ({ id: images[index], reason: error.message })),
  };
}
