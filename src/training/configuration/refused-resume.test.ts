import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyNormalizedConfig } from '../../../test/fixtures/tiny-training.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { prepareData } from '../data/training-data.ts';
import { runFolder, startRun } from '../loop/run-folder.ts';
import { train } from '../loop/train.ts';
import type { TrainingConfig } from './training-config.ts';

const dataset = pixelDataset(evenClasses(4, 9), { size: 8 });
const config: TrainingConfig = {
  ...tinyNormalizedConfig,
  heldOut: { share: 0.25, by: 'image' },
  steps: 4,
  evaluateEvery: 2,
};

/** An engine that counts what it has prepared and what of that was not released. */
function counting(engine: Engine) {
  const open = new Set<object>();
  const watched = <T extends { release(): Promise<void> }>(one: T): T => {
    open.add(one);
    const release = one.release.bind(one);
    one.release = async () => {
      open.delete(one);
      await release();
    };
    return one;
  };
  const own: Engine = {
    description: engine.description,
    compile: async (...given) => watched(await engine.compile(...given)),
    hold: async (...given) => watched(await engine.hold(...given)),
    close: () => engine.close(),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { own, open };
}

let folder = '';
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refused-resume-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function contents(of: string): Promise<Record<string, string>> {
  const names = await readdir(of);
  const entries = names.map(async (name) => {
    const bytes = await readFile(path.join(of, name));
    return [name, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

it('changes no file of the run and leaves nothing in the engine, whatever it is refused for', async () => {
  const run = runFolder(path.join(folder, 'run'));
  await startRun(run, config);
  const data = await prepareData(dataset, config);
  await train({ plan: { config, data }, run, engine, resume: false });
  const fewer = await prepareData({ ...dataset, images: dataset.images.slice(1) }, config);
  const wider = { ...config, network: { ...config.network, embeddingDimension: 7 } };
  const whole = await readFile(run.log, 'utf8');
  const checkpoint = await readFile(run.checkpoint);
  const refused = async (message: string, plan = { config, data }) => {
    const before = await contents(run.folder);
    const { own, open } = counting(engine);
    let started = false;
    const onStart = async () => {
      started = true;
    };
    await expect(train({ plan, run, engine: own, resume: true, onStart })).rejects.toThrow(message);
    expect(started).toBe(false);
    expect(await contents(run.folder)).toEqual(before);
    expect(open.size).toBe(0);
  };
  await refused('the pictures are not those', { config, data: fewer });
  await refused('it was written for another configuration', { config: wider, data });
  // A torn last line alone is no reason to refuse, and is left where it is.
  await writeFile(run.log, `not JSON\n${whole}{"kind": "st`);
  await refused(`line 1 of '${run.log}' is not JSON`);
  await writeFile(run.log, `{"kind":"step"}\n${whole}`);
  await refused("line 1 of the training log: 'step' must be a number");
  await writeFile(run.log, whole);
  await writeFile(run.checkpoint, checkpoint.subarray(0, 200));
  await refused(`cannot go on from '${run.checkpoint}'`);
});

it('releases what the engine holds when the log cannot be opened', async () => {
  const run = runFolder(path.join(folder, 'log is a folder'));
  await startRun(run, config);
  const { own, open } = counting(engine);
  const data = await prepareData(dataset, config);
  const inTheWay = { ...run, log: run.folder };
  await expect(train({ plan: { config, data }, run: inTheWay, engine: own, resume: false })).rejects.toThrow(
    `'${run.folder}'`,
  );
  expect(open.size).toBe(0);
});
