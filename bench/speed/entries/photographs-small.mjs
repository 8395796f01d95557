import path from 'node:path';
import { draftPeers } from '../draft-peers.mjs';
import { ours, peer } from '../entry.mjs';
import { makePhotographs } from '../photographs.mjs';
import { randomModel } from '../random-model.mjs';

const usual = 2000;

/** The same work by oneDNN, whose library LOOKALIKE_ONEDNN names. @type {import('../entry.mjs').Entry} */
export const photographsSmallOneDnn = {
  name: 'photographs-small-onednn',
  about: 'JPEG photographs of 1024 x 768 from files to vectors, small network, oneDNN',
  size: { unit: 'photographs', usual },
  same: ['images', 'parameters', 'dimension'],
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'photographs');
    await makePhotographs(folder, size);
    const model = await randomModel(work, 'small');
    const common = ['--network', 'small', '--folder', folder, '--count', size, '--batch', 64, '--threads', threads];
    return {
      sides: [
        ours('photographs.mjs', [model, folder, size, threads, 'onednn']),
        peer('PyTorch + PIL draft, 2 workers', ['torch', 'PIL'], 'photographs.py', [
          ...common,
          '--workers',
          2,
          '--draft',
        ]),
      ],
    };
  },
  figures: [
    {
      work: '2,000 JPEG photographs from files to vectors, `small` network, oneDNN, float32',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch + PIL draft',
      against: ['PyTorch + PIL draft, 2 workers'],
      atLeast: 1,
    },
  ],
};

const drafts = ['no workers', '1 worker', '2 workers'].map((workers) => `PyTorch + PIL draft, ${workers}`);

/** The same where the decoder leaves out what the network does not see, as PIL's `draft` does. @type {import('../entry.mjs').Entry} */
export const photographsSmallScaled = {
  name: 'photographs-small-scaled',
  about: 'JPEG photographs of 1024 x 768 from files to vectors, small network, scaled while they are decoded',
  size: { unit: 'photographs', usual },
  same: ['images', 'parameters', 'dimension'],
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'photographs');
    await makePhotographs(folder, size);
    const model = await randomModel(work, 'small');
    const options = ['--network', 'small', '--folder', folder, '--batch', 64, '--threads', threads];
    return {
      sides: [
        ours('photographs.mjs', [model, folder, size, threads, 'onnxruntime', 'float32', 'scaled']),
        ...draftPeers(drafts, size, options),
      ],
    };
  },
  figures: [
    {
      work: '2,000 JPEG photographs of 1,024 x 768 from files to vectors, `small` network, `--decode scaled`',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch + PIL draft, its best worker setting',
      against: drafts,
      atLeast: 1,
    },
  ],
};

/** @type {import('../entry.mjs').Entry} */
export const photographsSmall = {
  name: 'photographs-small',
  about: 'JPEG photographs of 1024 x 768 from files to vectors, small network',
  size: { unit: 'photographs', usual },
  same: ['images', 'parameters', 'dimension'],
  async plan({ work, threads, size = usual }) {
    const folder = path.join(work, 'photographs');
    await makePhotographs(folder, size);
    const model = await randomModel(work, 'small');
    const common = ['--network', 'small', '--folder', folder, '--count', size, '--batch', 64, '--threads', threads];
    const pil = (name, workers, ...more) =>
      peer(name, ['torch', 'PIL'], 'photographs.py', [...common, '--workers', workers, ...more]);
    return {
      sides: [
        ours('photographs.mjs', [model, folder, size, threads]),
        pil('PyTorch + PIL, no workers', 0),
        pil('PyTorch + PIL, 1 worker', 1),
        pil('PyTorch + PIL, 2 workers', 2),
        pil('PyTorch + PIL draft, no workers', 0, '--draft'),
        pil('PyTorch + PIL draft, 1 worker', 1, '--draft'),
        pil('PyTorch + PIL draft, 2 workers', 2, '--draft'),
      ],
    };
  },
  figures: [
    {
      work: '2,000 JPEG photographs of 1,024 x 768 from files to vectors, `small` network',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch + PIL, its best worker setting',
      against: ['PyTorch + PIL, no workers', 'PyTorch + PIL, 1 worker', 'PyTorch + PIL, 2 workers'],
      atLeast: 1.5,
    },
    {
      work: 'the same, against PIL’s `draft` mode',
      kind: 'ratio',
      quantity: 'seconds',
      peer: 'PyTorch + PIL draft, its best worker setting',
      against: ['PyTorch + PIL draft, no workers', 'PyTorch + PIL draft, 1 worker', 'PyTorch + PIL draft, 2 workers'],
      atLeast: 1,
    },
  ],
};
