import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { stepLines } from '../../../test/fixtures/step-lines.ts';
import { tinyClassBatch, tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { prepareData } from '../../training/data/training-data.ts';
import { readFindings } from '../../training/doctor/findings-file.ts';
import { makeRunFolder, runFolder } from '../../training/loop/run-folder.ts';
import type { TrainingEvent } from '../../training/loop/train-options.ts';
import { TrainingDoctor } from './training-doctor.ts';

const labels = evenClasses(3, 6);
const plain = pixelDataset(labels, { size: 8 });
/** Image 1 is a copy of image 0. */
const dataset = pixelDataset(labels, { size: 8, sources: { 1: plain.images[0].source } });
const config = {
  ...tinyConfig,
  loss: { kind: 'hinge', gap: 0.2, distance: 'euclidean', miner: 'batch-hard' },
  batch: tinyClassBatch,
  steps: 100,
} as const;
const lines = stepLines(100, (step) => ({
  loss: 0.2 + Math.exp(-step),
  spread: 0.01 + Math.exp(-step),
  activeShare: 1,
}));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-doctor-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('warns of each finding once, in pictures and log, and lists all of them at the end', async () => {
  const run = runFolder(path.join(folder, 'run'));
  await makeRunFolder(run);
  const events: TrainingEvent[] = [];
  const plan = { config, data: await prepareData(dataset, config) };
  const doctor = await TrainingDoctor.start(run, plan, dataset, (event) => events.push(event));
  expect(await readFindings(run.findings)).toBeUndefined();
  await doctor.begin();
  const warnings = () => events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
  expect(warnings()).toEqual([expect.stringMatching(/^Duplicated positives: 1 of 18 pictures .* Remove all but one/)]);
  expect((await readFindings(run.findings))?.map(({ kind }) => kind)).toEqual(['duplicated-positives']);
  for (const line of lines) {
    const rates = { secondsLeft: 0, loaderImagesPerSecond: 900 };
    doctor.event({ kind: 'step', progress: { ...line, ...rates, steps: 100 } });
  }
  doctor.event({ kind: 'checkpoint', step: 100 });
  expect(warnings()).toHaveLength(2);
  expect(warnings()[1]).toMatch(/^Collapse by batch-hard mining: From step 21 to 40 /);
  // Every event was passed on.
  expect(events.filter(({ kind }) => kind !== 'warning')).toHaveLength(101);
  await writeFile(run.log, lines.map((line) => `${JSON.stringify({ kind: 'step', ...line })}\n`).join(''));
  const found = await doctor.finish([]);
  expect(found.map(({ kind }) => kind)).toEqual(['collapse', 'duplicated-positives']);

  // Resumed: the collapse was told before, the pictures are looked at anew.
  events.length = 0;
  const resumed = await TrainingDoctor.start(run, plan, dataset, (event) => events.push(event));
  await resumed.begin();
  resumed.event({ kind: 'step', progress: { ...lines[99], secondsLeft: 0, loaderImagesPerSecond: 900, steps: 100 } });
  expect(warnings()).toHaveLength(1);
});
