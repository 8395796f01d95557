import path from 'node:path';
import { draftPeers } from '../draft-peers.mjs';
import { ours } from '../entry.mjs';
import { makePhotographs } from '../photographs.mjs';
import { randomModel } from '../random-model.mjs';

const usual = 2000;

/** The networks: pixels a side, and pictures at once of the peer. */
const networks = {
  article: { size: 224, batch: 16, words: 'article network' },
  lite0: { size: 224, batch: 64, words: 'EfficientNet-Lite0 at 224 x 224' },
};

/**
 * Photographs to vectors by oneDNN in bfloat16, whose library LOOKALIKE_ONEDNN names, and by PyTorch in bfloat16.
 *
 * @param {'article' | 'lite0'} network
 * @returns {import('../entry.mjs').Entry}
 */
function photographsBfloat16(network) {
  const { size: side, batch, words } = networks[network];
  const names = [0, 1, 2].map((workers) => `PyTorch bfloat16 + PIL draft, ${workers} workers`);
  return {
    name: `photographs-${network}-onednn-bfloat16`,
    about: `JPEG photographs of 1024 x 768 from files to vectors, ${words}, bfloat16`,
    takes: 'half an hour, on a processor with bfloat16',
    size: { unit: 'photographs', usual },
    same: ['images', 'parameters', 'dimension'],
    async plan({ work, threads, size = usual }) {
      const folder = path.join(work, 'photographs');
      await makePhotographs(folder, size);
      const model = await randomModel(work, network);
      const options = ['--network', network, '--folder', folder, '--batch', batch, '--threads', threads];
      return {
        sides: [
          ours('photographs.mjs', [model, folder, size, threads, 'onednn', 'bfloat16', 'scaled']),
          ...draftPeers(names, size, [...options, '--size', side, '--precision', 'bfloat16']),
        ],
      };
    },
    figures: [
      {
        work: `2,000 JPEG photographs from files to vectors, ${words}, oneDNN, bfloat16, scaled by the decoder`,
        kind: 'ratio',
        quantity: 'seconds',
        peer: 'PyTorch bfloat16 + PIL draft, its best worker setting',
        against: names,
        atLeast: 1.2,
      },
    ],
  };
}

export const photographsArticleBfloat16 = photographsBfloat16('article');
export const photographsLite0Bfloat16 = photographsBfloat16('lite0');
