import { makeEmbeddings } from '../embeddings-file.mjs';
import { ours, peer } from '../entry.mjs';

const usual = 100_000;
const dimension = 512;

/** @type {import('../entry.mjs').Entry} */
export const retrieval = {
  name: 'retrieval',
  about: 'Recall@1, 5, 10 and MAP@R of 100,000 embeddings of 512 numbers, 100 a class, each against all others',
  size: { unit: 'embeddings', usual },
  same: ['images', 'dimension'],
  // Products are summed in another order, which swaps neighbours that are equally near.
  close: { recallAt1: 1e-4, recallAt10: 1e-4, mapAtR: 1e-4 },
  async plan({ work, threads, size = usual }) {
    const { embeddings, labels } = await makeEmbeddings(work, size, dimension);
    return {
      sides: [
        ours('retrieval.mjs', [embeddings, labels, dimension, threads]),
        peer('FAISS', ['faiss', 'numpy'], 'retrieval.py', [
          ...['--embeddings', embeddings, '--labels', labels, '--dimension', dimension, '--threads', threads],
        ]),
      ],
    };
  },
  figures: [
    {
      work: 'Recall@K and MAP@R on 100,000 x 512',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'FAISS flat',
      against: ['FAISS'],
      atLeast: 0.8,
    },
  ],
};
