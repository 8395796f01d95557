import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingChoices } from '../src/training/configuration/training-choices.ts';
import { readCheckpoint } from '../src/training/loop/checkpoint.ts';
import { makePictures } from './fixtures/make-pictures.ts';
import { withOneDnn, withoutOneDnn } from './support/onednn-here.ts';
import { tensorDigests } from './support/tensor-digests.ts';

// The children run the built files.
const built = (name: string) => JSON.stringify(pathToFileURL(path.join(import.meta.dirname, '../dist', name)).href);
const steps = 40;
/** Dropout, augmentation and batch normalisation on. */
const common: TrainingChoices = {
  preset: 'small',
  size: 16,
  rows: 12,
  imagesPerClass: 3,
  embeddingDimension: 8,
  dropout: 0.3,
  heldOut: 0.3,
  evaluateEveryEpochs: 4,
  steps,
  threads: 2,
};

/** The run on each engine. oneDNN is given pictures that are large enough for it to have something of the graph. */
const engines = [
  { name: 'onnxruntime', choices: { ...common, engine: 'onnxruntime' }, skipped: undefined },
  { name: 'oneDNN', choices: { ...common, engine: 'onednn', precision: 'float32', size: 32 }, skipped: withoutOneDnn },
] as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'train-kill-'));
  await makePictures(path.join(folder, 'pictures'), { classes: 5, picturesPerClass: 8, size: 16 });
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains, saving behind every step; prints the number of each step, and `done`. */
const script = (run: string, choices: TrainingChoices, resume: boolean) => `
  import { writeSync } from 'node:fs';
  import { loadTrainingMaterial, train } from ${built('library/index.js')};
  const { finished } = await train({
    material: await loadTrainingMaterial(${JSON.stringify(path.join(folder, 'pictures'))}),
    folder: ${JSON.stringify(path.join(folder, run))},
    choices: ${JSON.stringify(choices)},
    resume: ${resume},
    checkpointSeconds: 0,
    // Most pictures are kept on disk.
    cacheBytes: 10_000,
    onEvent: (event) => { if (event.kind === 'step') writeSync(1, event.progress.step + '\\n'); },
  });
  writeSync(1, finished ? 'done\\n' : 'not done\\n');
`;

/** Runs it; with `killAfter`, kills it somewhere behind so many of its steps. Gives what it printed. */
async function session(run: string, choices: TrainingChoices, resume: boolean, killAfter?: number): Promise<string[]> {
  const node = ['--input-type=module', '-e', script(run, choices, resume)];
  const child = spawn(process.execPath, node, { env: withOneDnn });
  let [printed, errors] = ['', ''];
  const lines = () => printed.split('\n').slice(0, -1);
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdout.on('data', async (text) => {
    printed += text;
    if (killAfter === undefined || lines().length < killAfter) return;
    await setTimeout(Math.random() * 60);
    child.kill('SIGKILL');
  });
  await ended;
  expect(errors).toBe('');
  return lines();
}

/** The step of a run's last checkpoint; 0 if it was killed before the first. */
async function savedStep(run: string): Promise<number> {
  const file = path.join(folder, run, 'checkpoint.safetensors');
  return existsSync(file) ? (await readCheckpoint(file)).step : 0;
}

/** Log lines without what the clock decides. */
async function logOf(run: string) {
  const text = await readFile(path.join(folder, run, 'log.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ({ ...JSON.parse(line), seconds: 0, secondsLeft: 0, imagesPerSecond: 0, loaderImagesPerSecond: 0 }));
}

describe.each(engines)('a training run on $name', ({ name, choices, skipped }) => {
  const title = skipped === undefined ? '' : ` (skipped: ${skipped})`;
  it.skipIf(skipped !== undefined)(
    `killed at random steps and resumed, ends as the one that was left alone, bit for bit${title}`,
    async () => {
      const [wholeRun, killedRun] = [`${name} whole`, `${name} killed`];
      expect((await session(wholeRun, choices, false)).at(-1)).toBe('done');
      let saved = 0;
      for (let kill = 0; kill < 4; kill++) {
        const printed = await session(killedRun, choices, kill > 0, 1 + Math.floor(Math.random() * 4));
        expect(printed.at(-1)).not.toBe('done');
        // It went on where the last checkpoint stood, and lost no more than the step it was at.
        expect(Number(printed[0])).toBe(saved + 1);
        saved = await savedStep(killedRun);
        expect(saved).toBeGreaterThanOrEqual(Number(printed.at(-1)) - 1);
      }
      expect((await session(killedRun, choices, true)).at(-1)).toBe('done');

      const whole = await readCheckpoint(path.join(folder, wholeRun, 'checkpoint.safetensors'));
      const killed = await readCheckpoint(path.join(folder, killedRun, 'checkpoint.safetensors'));
      expect(tensorDigests(killed.tensors)).toEqual(tensorDigests(whole.tensors));
      expect({ ...killed.state, seconds: 0 }).toEqual({ ...whole.state, seconds: 0 });
      const config = JSON.parse(await readFile(path.join(folder, wholeRun, 'config.json'), 'utf8'));
      expect('onednn' in config.engine).toBe(name === 'oneDNN');
      const log = await logOf(killedRun);
      expect(log.filter(({ kind }) => kind === 'step').map(({ step }) => step)).toEqual(
        Array.from({ length: steps }, (_, step) => step + 1),
      );
      expect(log.some(({ kind }) => kind === 'evaluation')).toBe(true);
      expect(log).toEqual(await logOf(wholeRun));
      const model = (run: string) => readFile(path.join(folder, run, 'model.onnx'));
      expect((await model(killedRun)).equals(await model(wholeRun))).toBe(true);
    },
    240_000,
  );
});
