import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineRun } from '../src/app/runs/examine-run.ts';
import { trainRun } from '../src/app/runs/train-run.ts';
import { loadTrainingMaterial } from '../src/app/runs/training-material.ts';
import { loadModel } from '../src/catalogue/embedding/embedder.ts';
import { openCatalogue } from '../src/catalogue/mirror/open-catalogue.ts';
import { toNumbers } from '../src/graph/tensor/tensor.ts';
import { checkedTrainingConfig } from '../src/training/configuration/training-config.ts';
import { readCheckpoint } from '../src/training/loop/checkpoint.ts';
import { runFolder } from '../src/training/loop/run-folder.ts';

// test/golden/former was written by an earlier version; test/golden/former.mjs says which, and how. Other processors add up in
// another order, so that numbers agree to some digits only.
const golden = path.join(import.meta.dirname, 'golden', 'former');
const expected = JSON.parse(await readFile(path.join(golden, 'expected.json'), 'utf8'));

let base = '';
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'former-'));
  await cp(golden, base, { recursive: true });
});
afterAll(() => rm(base, { recursive: true }));

const at = (...names: string[]) => path.join(base, ...names);
const measured = (report: { readonly measures: object } | undefined) =>
  Object.fromEntries(Object.entries(report?.measures ?? {}).map(([name, { value }]) => [name, value]));

describe('files of an earlier version', () => {
  it('goes on with a run that was stopped, to the weights that the earlier version came to', async () => {
    const material = await loadTrainingMaterial(at('pictures'));
    const resumed = await trainRun({ material, folder: at('stopped'), resume: true });
    expect(resumed).toMatchObject({ finished: true, outcome: { ended: 'completed', step: 8 } });
    expect(measured(resumed.outcome.evaluation?.report)).toEqual(expected.resumed);
    const { tensors } = await readCheckpoint(runFolder(at('stopped')).checkpoint);
    const sums = new Map(
      [...tensors].map(([name, value]) => [name, toNumbers(value).reduce((sum, x) => sum + Math.abs(x), 0)]),
    );
    expect([...sums.keys()].sort()).toEqual(Object.keys(expected.resumedWeights).sort());
    for (const [name, sum] of sums) expect(sum / expected.resumedWeights[name], name).toBeCloseTo(1, 3);
  });

  it('evaluates and examines a run that was at its end', async () => {
    const material = await loadTrainingMaterial(at('pictures'));
    const again = await trainRun({ material, folder: at('ended'), resume: true });
    expect(again).toMatchObject({ finished: true, outcome: { step: 8 } });
    expect(measured(again.outcome.evaluation?.report)).toEqual(expected.ended);
    const examined = await examineRun({ folder: at('ended'), material, threads: 1 });
    expect(examined).toMatchObject({ step: 8, steps: 8, picturesExamined: true });
  });

  it('searches a store with the model that made it', async () => {
    const catalogue = await openCatalogue(at('store.lance'), { model: path.join(golden, 'ended', 'model.onnx') });
    try {
      const found = await catalogue.search(at('pictures', 'coral', '3.png'), 5);
      expect(found.map(({ id }) => id)).toEqual(expected.search.map(({ id }: { id: string }) => id));
      for (const [place, { distance }] of found.entries()) {
        expect(distance).toBeCloseTo(expected.search[place].distance, 4);
      }
    } finally {
      await catalogue.close();
    }
  });

  it('goes on with a store: nothing is embedded again, and classes are known', async () => {
    const catalogue = await openCatalogue(at('store.lance'), { model: path.join(golden, 'ended', 'model.onnx') });
    try {
      const images = await catalogue.images();
      expect(await catalogue.fields()).toEqual([]);
      let embedded = 0;
      const onProgress = ({ done }: { done: number }) => {
        embedded = done;
      };
      const report = await catalogue.index(at('pictures'), { moved: true, onProgress });
      expect(report).toMatchObject({ added: 0, updated: 0, removed: 0, unchanged: images.length, mended: 0 });
      expect(embedded).toBe(0);
      const known = (await catalogue.images()).map(({ id, contentHash, metadata }) => ({ id, contentHash, metadata }));
      expect(known).toEqual(
        images.map(({ id, contentHash }) => ({ id, contentHash, metadata: { class: id.split('/')[0] } })),
      );
      const found = await catalogue.search(at('pictures', 'coral', '3.png'), { k: 100, filter: "class = 'coral'" });
      expect(found).toHaveLength(images.filter(({ id }) => id.startsWith('coral/')).length);
      expect(found[0].distance).toBeCloseTo(expected.search[0].distance, 4);
    } finally {
      await catalogue.close();
    }
  });

  it('embeds as the model did', async () => {
    const model = await loadModel(path.join(golden, 'ended', 'model.onnx'));
    try {
      const embedding = await model.embedImage(at('pictures', 'coral', '3.png'));
      for (const [place, value] of embedding.entries()) expect(value).toBeCloseTo(expected.embedding[place], 5);
    } finally {
      await model.close();
    }
  });

  it.each(['small', 'vgg16', 'vgg16-bn', 'alexnet', 'alexnet-tv', 'resnet18', 'resnet50'])(
    'reads the configuration of a run with the backbone %s as it was written',
    async (backbone) => {
      const config = JSON.parse(await readFile(path.join(golden, 'ended', 'config.json'), 'utf8'));
      const { trunk: _, ...network } = { ...config.network, backbone };
      const former = { ...config, network };
      expect(checkedTrainingConfig(former, 'config.json')).toEqual(former);
    },
  );
});
