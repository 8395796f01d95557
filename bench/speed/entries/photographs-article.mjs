import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exists } from '../../../dist/foundation/files/exists.js';
import { ours, peer } from '../entry.mjs';
import { makePhotographs } from '../photographs.mjs';
import { randomModel } from '../random-model.mjs';

const usual = 2000;

/** @type {import('../entry.mjs').Entry} */
export const photographsArticle = {
  name: 'photographs-article',
  about: 'JPEG photographs of 1024 x 768 from files to vectors, article network: ours quantised, the peer float32',
  takes: '45 minutes',
  size: { unit: 'photographs', usual },
  same: ['images', 'parameters', 'dimension'],
  async plan({ work, threads, size = usual }) {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const folder = path.join(work, 'photographs');
    const photographs = await makePhotographs(folder, size);
    const plain = await randomModel(work, 'article');
    const quantized = path.join(work, 'article-quantized.onnx');
    if (!(await exists(quantized))) {
      const cli = path.join(root, 'dist/cli/main.js');
      const judge = await twins(path.join(work, 'twins'), photographs.slice(0, 8));
      const images = ['--judge', judge, '--calibration-images', '32'];
      const arguments_ = ['quantize', folder, '--model', plain, '-o', quantized, ...images];
      await promisify(execFile)(process.execPath, [cli, ...arguments_], { cwd: root });
    }
    const common = ['--network', 'article', '--folder', folder, '--batch', 16, '--threads', threads, '--draft'];
    const pil = (name, workers) => {
      const counted = (count) => [...common, '--workers', workers, '--count', count];
      return peer(name, ['torch', 'PIL'], 'photographs.py', counted(size), { trial: counted(Math.ceil(size / 10)) });
    };
    return {
      sides: [
        ours('photographs.mjs', [quantized, folder, size, threads]),
        pil('PyTorch + PIL draft, no workers', 0),
        pil('PyTorch + PIL draft, 2 workers', 2),
      ],
    };
  },
  figures: [
    {
      work: 'the same, article network, quantised',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch, float32, + PIL draft, its best worker setting',
      against: ['PyTorch + PIL draft, no workers', 'PyTorch + PIL draft, 2 workers'],
      atLeast: 3,
    },
  ],
};

/**
 * Classes of two equal pictures: whatever weights a model has, it finds the twin first, so that `quantize` has nothing to
 * refuse.
 */
async function twins(folder, photographs) {
  for (const [place, file] of photographs.entries()) {
    await mkdir(path.join(folder, String(place)), { recursive: true });
    for (const name of ['a.jpg', 'b.jpg']) await copyFile(file, path.join(folder, String(place), name));
  }
  return folder;
}
